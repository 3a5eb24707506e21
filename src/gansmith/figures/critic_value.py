"""What a critic says of the distance, beside the distance, while both play."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from scipy.stats import spearmanr
from torch import Tensor

from gansmith.data.toys import ring
from gansmith.figures.figure import BLUE, GRAY, GREEN, ORANGE, PURPLE, Figure, print_sheet, sheet
from gansmith.figures.play import Look, play
from gansmith.recipes import recipe
from gansmith.settings.ranges import Count
from gansmith.theory.transport import optimal_plan, plan_cost
from gansmith.training.trainer import Trainer

SHARED: dict[str, Any] = {
    "latent": 2,
    "hidden": 64,
    "batch": 256,
    "n_critic": 5,
    "lr_discriminator": 1e-3,
    "lr_generator": 3e-4,
    "schedule": "constant",
    "standardize": False,
}
CRITICS: dict[str, tuple[str, dict[str, Any], str]] = {
    "gradient penalty, λ = 10": ("wgan-gp", {"gradient_penalty": 10.0}, BLUE),
    "clipped, c = 0.1": ("wgan", {"clip": 0.1}, GREEN),
    "R1, γ = 0.3": ("wgan-gp", {"gradient_penalty": 0, "r1": 0.3}, PURPLE),
    "none": ("wgan-naive", {"reuse": False}, ORANGE),
}
SAMPLES = 400


def course(
    kind: str, changes: dict[str, Any], steps: int, every: int = 5
) -> tuple[list[int], list[float], list[float]]:
    """Return steps, E D(x) − E D(G(z)) on fresh samples, and their W₁ by the cheapest plan."""
    data = ring(8, radius=2.0, spread=0.1)
    at: list[int] = []
    gaps: list[float] = []
    distances: list[float] = []

    @torch.no_grad()
    def see(trainer: Trainer) -> None:
        rng = torch.Generator().manual_seed(5)
        real = data.sample(SAMPLES, rng)
        fake = trainer.game.networks["generator"](trainer.recipe.prior.draw(SAMPLES, rng))
        judge = trainer.game.networks["discriminator"]
        at.append(trainer.steps_done)
        gaps.append(float(judge(real).logits.mean() - judge(fake).logits.mean()))
        distances.append(distance(real, fake))

    play(recipe(kind, **(SHARED | changes), steps=steps), data, Look(range(every, steps + 1, every), see))
    return at, gaps, distances


def distance(real: Tensor, fake: Tensor) -> float:
    """Return W₁ of two equally large sets of points, by the cheapest plan between them."""
    mass, cost = torch.full((len(real),), 1 / len(real)), torch.cdist(real, fake)
    return plan_cost(optimal_plan(mass, mass, cost), mass, mass, cost)


def _limits(values: list[float]) -> tuple[float, float]:
    """Return where a plot of these begins and ends, on a scale that is logarithmic on both sides: a legend fits above.

    >>> [round(limit, 2) for limit in _limits([0.0, 1.0])]
    [-0.1, 1.38]
    """
    low, high = np.arcsinh([min(-0.1, min(values) * 1.2), max(values)])
    return float(np.sinh(low)), float(np.sinh(high + 0.25 * (high - low)))


def critic_value(steps: Count = 200) -> Figure:
    """How well the critic's value follows W₁ while both play, for clipping, the gradient penalty, R1 and nothing.

    Args:
        steps: of each game.
    """
    drawn = sheet(4, width=3.6, height=3.5)
    numbers: dict[str, float] = {}
    for axes, (name, (kind, changes, colour)) in zip(drawn.axes, CRITICS.items(), strict=True):
        at, gaps, distances = course(kind, changes, steps)
        axes.plot(at, distances, color=GRAY, lw=3, alpha=0.7, label="true W₁")
        axes.plot(at, gaps, color=colour, label="E D(x) − E D(G(z))")
        axes.set(xlabel="steps", yscale="symlog", ylim=_limits([*gaps, *distances]))
        axes.set_title(name, fontsize=10)
        axes.legend(fontsize=7.5, frameon=False, loc="upper right")
        numbers |= {
            f"{name}: rank correlation": float(spearmanr(gaps, distances).statistic),
            f"{name}: ratio": float(np.median(np.array(gaps) / np.array(distances))),
            f"{name}: looks near": float(
                sum(2 / 3 < gap / far < 3 / 2 for gap, far in zip(gaps, distances, strict=True))
            ),
            f"{name}: last ratio": gaps[-1] / distances[-1],
            f"{name}: least value": min(gaps),
            f"{name}: first W₁": distances[0],
            f"{name}: last W₁": distances[-1],
        }
    told = "; ".join(
        f"{name}: {numbers[f'{name}: rank correlation']:.2f}, {numbers[f'{name}: ratio']:.3g}".replace("-", "−")
        for name in CRITICS
    )
    ends = ", ".join(f"{numbers[f'{name}: last W₁']:.2f}" for name in CRITICS)
    caption = (
        f"Eight Gaussians on a ring of radius 2; W₁ by the cheapest plan of {SAMPLES} samples; one seed. Rank "
        "correlation of the critic's value with "
        f"W₁ along the run, and their median ratio: {told}. The generators end at W₁ = {ends}: a value that is no "
        "distance "
        "does not keep a critic from teaching."
    )
    return Figure([print_sheet(drawn, caption)], caption, numbers)
