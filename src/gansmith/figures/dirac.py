"""The smallest GAN under losses and penalties."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gansmith import terms as t
from gansmith.dynamics import Alternating, Consensus, Dynamics
from gansmith.dynamics.consensus import Agreeing
from gansmith.figures.figure import BLUE, Figure, print_sheet, sheet
from gansmith.figures.plane import distances, draw_field, draw_trail, square, trail
from gansmith.games import toy
from gansmith.games.round import Round
from gansmith.settings import Count, Positive

STEPS = 500
NAMES = ("generator", "discriminator")
REACH = 2.2


@dataclass(frozen=True)
class _Case:
    """One way to train the Dirac-GAN."""

    name: str
    loss: str
    penalties: Sequence[t.Term] = ()
    clip: float | None = None
    noise: float = 0.0
    consensus: float = 0.0
    terms: list[t.Term] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "terms", [t.Adversarial(t.LOSSES.ours[self.loss]()), *self.penalties])


CASES = (
    _Case("GAN", "minimax"),
    _Case("non-saturating GAN", "nonsaturating"),
    _Case("WGAN, |ψ| ≤ 1", "wasserstein", clip=1.0),
    _Case("WGAN-GP, 0.35 (|ψ| − 1)²", "wasserstein", [t.GradientPenalty(0.35)]),
    _Case("GAN, consensus γ = 1", "minimax", consensus=1.0),
    _Case("GAN, instance noise σ = 0.7", "minimax", noise=0.7),
    _Case("GAN + R1, γ = 0.3", "minimax", [t.R1(0.3)]),
    _Case("GAN + R1, γ = 1 (critical)", "minimax", [t.R1(1.0)]),
)


def dirac(eta: Positive = 0.2, steps: Count = STEPS) -> Figure:
    """The Dirac-GAN: which losses and penalties reach the equilibrium, and which circle it.

    Args:
        eta: step size η of both players.
        steps: of each game.
    """
    drawn = sheet(4, 2, width=3.0, height=3.15)
    numbers = {}
    for axes, case in zip(drawn.axes, CASES, strict=True):
        game = toy.DiracGAN(case.terms, lr=eta, clip=case.clip, noise=case.noise)
        rounds = _rounds(game)
        dynamics: Dynamics = Consensus(case.consensus, Alternating()) if case.consensus else Alternating()
        draw_field(axes, Agreeing(game, case.consensus) if case.consensus else game, rounds, NAMES, REACH, count=10)
        way = trail(dynamics, game, rounds, steps, NAMES)
        numbers[case.name] = float(distances(way)[-1])
        draw_trail(axes, way, BLUE)
        axes.plot(0, 0, "k+", ms=9)
        square(axes, REACH, "θ (generator)", "ψ (discriminator)")
        axes.set_title(f"{case.name}\nends at distance {numbers[case.name]:.2g}", fontsize=9)
    caption = (
        "Data at 0, generator δ_θ, discriminator D(x) = ψx: V = f(ψθ) + f(0), equilibrium at (0, 0). There v' has "
        "eigenvalues ±if'(0) without a penalty, f'(0) = ½ (WGAN: 1), and γ/2 ± √(γ²/4 − ¼) with R1 (γ/2)ψ²: what adds "
        "a real part arrives; what does not circles, or, with the non-saturating cost, creeps in more slowly than any "
        f"factor per step. Alternating play from (1, 1), distance √2, {steps} steps of {eta:g}; arrows point "
        "along −v. After Mescheder et al. 2018."
    )
    return Figure([print_sheet(drawn, caption)], caption, numbers)


def _rounds(game: toy.DiracGAN) -> Iterator[Round]:
    return (game.minibatch() for _ in itertools.count())
