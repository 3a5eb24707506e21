"""The adversarial losses as curves."""

from __future__ import annotations

import torch
from torch import Tensor

from gansmith.figures.figure import AMBER, BLUE, GREEN, ORANGE, PINK, PURPLE, TEAL, Figure, print_sheet, sheet
from gansmith.settings import Positive
from gansmith.terms import LOSSES
from gansmith.terms.losses import Loss

COLOURS = {
    "minimax": ORANGE,
    "nonsaturating": BLUE,
    "least-squares": GREEN,
    "hinge": PURPLE,
    "wasserstein": AMBER,
    "margin": PINK,
    "ebgan": TEAL,
}
BROAD = {"minimax": 4.0, "hinge": 7.0, "wasserstein": 4.0}  # drawn broad and pale: others share one of their costs
LABELS: dict[str, tuple[tuple[float, float], ...]] = {  # where each curve's name stands: D's cost, G's cost, the pull
    "minimax": ((-5.9, 6.0), (-5.9, -0.8), (-5.9, 0.28)),
    "nonsaturating": ((-5.9, 5.2), (-5.9, 2.4), (2.3, -0.3)),
    "least-squares": ((3.4, 7.0), (-2.9, 9.0), (-2.2, 3.4)),
    "hinge": ((3.2, 0.5), (-1.9, -2.2), (-5.9, 1.72)),
    "wasserstein": ((-2.4, -3.3), (-1.9, -3.1), (-5.9, 1.4)),
    "margin": ((-5.9, 4.25), (3.2, -1.7), (-5.9, -0.35)),
    "ebgan": ((2.7, -2.0), (-1.9, -4.0), (-5.9, 1.1)),
}


def discriminator_costs(loss: Loss, scores: Tensor) -> Tensor:
    """Return the discriminator's cost where real samples score s and fakes −s, for every s (N,)."""
    return torch.stack([loss.discriminator(score, -score) for score in scores])


def generator_costs(loss: Loss, scores: Tensor) -> tuple[Tensor, Tensor]:
    """Return the generator's cost of a fake with each score (N,), and its slope there."""
    scores = scores.clone().requires_grad_()
    costs = torch.stack([loss.generator(score, score) for score in scores])
    (slopes,) = torch.autograd.grad(costs.sum(), scores)
    return costs.detach(), slopes


def losses(at: Positive = 4.0) -> Figure:
    """What each adversarial loss costs either player, and how hard it pulls a fake, by the fake's score.

    Args:
        at: score s; pulls are read off at −s and s.
    """
    scores = torch.linspace(-6, 6, 241, dtype=torch.float64)
    drawn = sheet(3, width=4.4, height=4.4)
    judge, cost, pull = drawn.axes
    for name, colour in COLOURS.items():
        width, alpha = (BROAD[name], 0.4) if name in BROAD else (1.5, 1.0)
        costs, slopes = generator_costs(LOSSES.ours[name](), scores)
        for axes, values in ((judge, discriminator_costs(LOSSES.ours[name](), scores)), (cost, costs), (pull, -slopes)):
            axes.plot(scores, values, color=colour, linewidth=width, alpha=alpha)
        for axes, place in zip(drawn.axes, LABELS[name], strict=True):
            axes.text(*place, name, color=colour, fontsize=8)
    judge.set(title="D's cost, real at s and fakes at −s", xlabel="score s", ylabel="cost", ylim=(-4, 11))
    cost.set(title="G's cost of a fake with score s", xlabel="score s of G(z)", ylabel="cost", ylim=(-7, 10))
    pull.set(title="How hard G is pulled up", xlabel="score s of G(z)", ylabel="−dcost/ds", ylim=(-2, 4))
    bad, good = torch.tensor([-at, at], dtype=torch.float64)
    pulls = {
        name: [-float(generator_costs(LOSSES.ours[name](), s.reshape(1))[1]) for s in (bad, good)] for name in COLOURS
    }
    found = "; ".join(f"{name} {low:.3f} and {high:.3f}" for name, (low, high) in pulls.items())
    caption = (
        (
            "D = σ(s) in minimax and non-saturating; least squares, hinge and Wasserstein take s as it is. "
            "Minimax: log(1 − D); non-saturating: −log D; least squares: ½ (s − 1)²; margin: f = 2D − 1, labels "
            "flipped; hinge, "
            "Wasserstein and EBGAN (energy −s, margin 1): −s.\n"
            f"Pull at s = −{at:g}, a fake that is seen through, and at s = {at:g}, one that passes: {found}. "
            "Least squares pulls those back that pass too well; cross entropy lets them go."
        )
        .replace("-0.", "−0.")
        .replace("-3.", "−3.")
    )
    numbers = {
        f"{name} at {s:g}": value for name, both in pulls.items() for s, value in zip((-at, at), both, strict=True)
    }
    return Figure([print_sheet(drawn, caption)], caption, numbers)
