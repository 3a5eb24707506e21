"""The critic that nobody holds."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import torch

from gansmith.data.toys import normal
from gansmith.figures.figure import BLUE, GRAY, GREEN, ORANGE, PURPLE, Figure, print_sheet, sheet
from gansmith.figures.play import Look, play
from gansmith.recipes import recipe
from gansmith.settings.ranges import Range
from gansmith.training.trainer import Trainer

STEPS = 1000
DISTANCE = 5.0
"""W₁ of N(5, 1) and N(0, 1): all earth moves by 5."""
LAMBDA = 10.0
CHARGE = 0.5
"""λ of the gradient penalty, and of λ (Var D(x) + Var D(G(z)))."""
SHARED: dict[str, Any] = {
    "latent": 1,
    "hidden": 64,
    "batch": 128,
    "n_critic": 1,
    "reuse": True,
    "lr_discriminator": 1e-3,
    "lr_generator": 0.0,
}
CRITICS: dict[str, tuple[str, dict[str, Any], str]] = {
    "naive": ("wgan-naive", {}, ORANGE),
    "clipped, c = 0.01": ("wgan", {"clip": 0.01, "schedule": "constant", "standardize": False}, GREEN),
    "gradient penalty": ("wgan-gp", {"gradient_penalty": LAMBDA}, BLUE),
    "variance": ("wgan-var", {"variance": CHARGE}, PURPLE),
}


def naive_critic(steps: Annotated[int, Range(least=20)] = STEPS) -> Figure:
    """WGAN's critic without a constraint grows without bound; clipped or penalised it does not.

    Args:
        steps: of each critic.
    """
    drawn = sheet(3, width=4.4)
    moves = np.arange(1, steps + 1)
    numbers: dict[str, float] = {}
    for name, (kind, changes, colour) in CRITICS.items():
        gap, norm, last = critic_course(kind, changes, steps)
        positive = [value if value > 0 else np.nan for value in gap]
        for axes, seen in zip(drawn.axes, (positive, norm, last), strict=True):
            axes.plot(moves, seen, color=colour, label=name)
        late = slice(steps // 2, None)
        power = np.polyfit(np.log(moves[late]), np.log(gap[late]), 1)[0]
        numbers |= {f"{name}: gap": float(np.mean(gap[-50:])), f"{name}: ‖w‖": norm[-1], f"{name}: power": float(power)}
        numbers[f"{name}: last layer grew"] = last[-1] / last[0]
    drawn.axes[0].axhline(DISTANCE, color=GRAY, ls="--", lw=1, label=f"W₁ = {DISTANCE:g}")
    shown = ("E D(x) − E D(G(z))", "‖w‖, norm of all its weights", "norm of the last layer's weights alone")
    for axes, name in zip(drawn.axes, shown, strict=True):
        axes.set(xscale="log", yscale="log", xlabel="moves of the critic", ylabel=name)
        low, high = axes.get_ylim()
        axes.set_ylim(low, high * (high / low) ** 0.15)  # room for the legend
        axes.legend(fontsize=8, frameon=False, loc="upper left")
    caption = _said(numbers, steps)
    return Figure([print_sheet(drawn, caption)], caption, numbers)


def _said(numbers: dict[str, float], steps: int) -> str:
    numbers["variance: best gap"] = charged_gap(DISTANCE, CHARGE)
    return (
        "The largest E D(x) − E D(G(z)) is W₁ over all 1-Lipschitz D, and ∞ over all D: kD earns k times as much. With "
        f"no constraint it is {numbers['naive: gap']:.3g} after {steps} moves, lately growing as moves^"
        f"{numbers['naive: power']:.1f}, and tells nothing of W₁ = {DISTANCE:g}; the last layer "
        f"alone, a factor before everything, grew {numbers['naive: last layer grew']:.3g}-fold. Clamped to ±0.01 it "
        f"stays at {numbers['clipped, c = 0.01: gap']:.2g}, W₁ times an unknown slope. The penalty {LAMBDA:g} (s − 1)² "
        "of a slope s, which earns s W₁, makes the best s = 1 + W₁/2λ and the gap "
        f"{DISTANCE * (1 + DISTANCE / (2 * LAMBDA)):g}; found: {numbers['gradient penalty: gap']:.2f}. Charged "
        f"{CHARGE:g} (Var D(x) + Var D(G(z))), the best gap is (1 − t)/{CHARGE:g}t = "
        f"{numbers['variance: best gap']:.4g}, where t = {overlap(DISTANCE):.3f} is the overlap of the densities: "
        f"finite, but no distance; found: {numbers['variance: gap']:.3g}. Data N(5, 1), generator held at N(0, 1)."
    )


def overlap(distance: float) -> float:
    """Return ∫ 2pq/(p + q) of p = N(distance, 1) and q = N(0, 1): 1 where they are the same, 0 where none meet.

    >>> round(overlap(0.0), 6)
    1.0
    """
    x = np.linspace(-10, distance + 10, 20_001)
    p, q = (np.exp(-((x - mean) ** 2) / 2) / np.sqrt(2 * np.pi) for mean in (distance, 0.0))
    return float(np.sum(2 * p * q / (p + q)) * (x[1] - x[0]))


def charged_gap(distance: float, weight: float) -> float:
    """Return E D(x) − E D(G(z)) of the best D that pays weight (Var D(x) + Var D(G(z))): (1 − t)/(weight t).

    t is the overlap. The best D is a multiple of (p − q)/(p + q), and so the gap is finite as long as t is not 0.
    """
    t = overlap(distance)
    return (1 - t) / (weight * t)


def critic_course(kind: str, changes: dict[str, Any], steps: int) -> tuple[list[float], list[float], list[float]]:
    """Train a critic alone; return E D(x) − E D(G(z)), the norm of its weights, and of its last layer's, by step."""
    gaps: list[float] = []
    norms: list[float] = []
    lasts: list[float] = []

    def see(trainer: Trainer) -> None:
        gaps.append(-trainer.game.report()["discriminator/adversarial"].item())
        weights = trainer.game.players["discriminator"].parameters
        norms.append(torch.nn.utils.parameters_to_vector(weights).norm().item())
        lasts.append(list(weights)[-2].norm().item())  # the last layer: its weights, then its bias

    play(recipe(kind, steps=steps, **(SHARED | changes)), normal(), Look(range(1, steps + 1), see), held=True)
    return gaps, norms, lasts
