"""The critic that nobody holds."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import torch

from gansmith.data.toys import normal
from gansmith.figures.figure import BLUE, GRAY, GREEN, ORANGE, Figure, print_sheet, sheet
from gansmith.figures.play import Look, play
from gansmith.recipes import recipe
from gansmith.settings.ranges import Range
from gansmith.training.trainer import Trainer

STEPS = 1000
DISTANCE = 5.0
"""W₁ of N(5, 1) and N(0, 1): all earth moves by 5."""
LAMBDA = 10.0
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
    "clipped, c = 0.01": ("wgan", {"clip": 0.01}, GREEN),
    "gradient penalty": ("wgan-gp", {"gradient_penalty": LAMBDA}, BLUE),
}


def naive_critic(steps: Annotated[int, Range(least=20)] = STEPS) -> Figure:
    """WGAN's critic without a constraint grows without bound; clipped or penalised it does not."""
    drawn = sheet(3, width=4.4)
    gaps, norms, lasts = drawn.axes
    moves = np.arange(1, steps + 1)
    numbers: dict[str, float] = {}
    for name, (kind, changes, colour) in CRITICS.items():
        gap, norm, last = critic_course(kind, changes, steps)
        gaps.plot(moves, np.where(np.array(gap) > 0, gap, np.nan), color=colour, label=name)
        norms.plot(moves, norm, color=colour, label=name)
        lasts.plot(moves, last, color=colour, label=name)
        late = slice(steps // 2, None)
        power = np.polyfit(np.log(moves[late]), np.log(gap[late]), 1)[0]
        numbers |= {f"{name}: gap": float(np.mean(gap[-50:])), f"{name}: ‖w‖": norm[-1], f"{name}: power": float(power)}
        numbers[f"{name}: last layer grew"] = last[-1] / last[0]
    gaps.axhline(DISTANCE, color=GRAY, ls="--", lw=1, label=f"W₁ = {DISTANCE:g}")
    gaps.set(xscale="log", yscale="log", xlabel="moves of the critic", ylabel="E D(x) − E D(G(z)), minus its cost")
    norms.set(xscale="log", yscale="log", xlabel="moves of the critic", ylabel="‖w‖, norm of all its weights")
    lasts.set(xscale="log", yscale="log", xlabel="moves of the critic", ylabel="norm of the last layer's weights alone")
    for axes in drawn.axes:
        axes.legend(fontsize=8, frameon=False)
    expected = DISTANCE * (1 + DISTANCE / (2 * LAMBDA))
    caption = (
        "The largest E D(x) − E D(G(z)) is W₁ over all 1-Lipschitz D, and ∞ over all D: kD earns k times as much. With "
        f"no constraint it is {numbers['naive: gap']:.3g} after {steps} moves, lately growing as moves^"
        f"{numbers['naive: power']:.1f}, and tells nothing of W₁ = {DISTANCE:g}; the last layer "
        f"alone, a factor before everything, grew {numbers['naive: last layer grew']:.3g}-fold. Clamped to ±0.01 it "
        "stays at "
        f"{numbers['clipped, c = 0.01: gap']:.2g}, W₁ times an unknown slope. The penalty {LAMBDA:g} (s − 1)² of a "
        f"slope s, which earns s W₁, makes the best s = 1 + W₁/2λ and the gap {expected:g}; found: "
        f"{numbers['gradient penalty: gap']:.2f}. Data N(5, 1), generator held at N(0, 1)."
    )
    return Figure([print_sheet(drawn, caption)], caption, numbers)


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
