"""Where a linear generator of uniform noise ends, and why not at the data's sd."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gansmith.figures.figure import BLUE, GRAY, GREEN, ORANGE, PURPLE, Figure, print_sheet, sheet
from gansmith.theory.linear_generator import (
    CONTINUOUS,
    SLOPES,
    best_value,
    end,
    nonsaturating_potential,
    wasserstein,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MEAN = 5.0
SDS = np.linspace(0.4, 1.8, 141)
COLOURS = {"minimax": ORANGE, "nonsaturating": BLUE, CONTINUOUS: PURPLE}


def two_js(s: float) -> float:
    """Return 2 JS, which is V without its −log 4."""
    return best_value(s) + math.log(4)


POTENTIALS = {"minimax": ("2 JS", two_js), "nonsaturating": ("KL(G‖data) − 2 JS", nonsaturating_potential)}


def linear_generator() -> Figure:
    """The 1-D example with a G of one linear layer: both costs end beside the data's sd, and off its shape."""
    ends = {cost: end(cost) for cost in SLOPES}
    drawn = sheet(2, 2, width=4.9, height=3.4)
    potentials, slopes, densities, distances = drawn.axes
    for cost, (name, potential) in POTENTIALS.items():
        _draw_along(potentials, [potential(s) for s in SDS], COLOURS[cost], f"{cost}: {name}")
        potentials.plot(ends[cost], potential(ends[cost]), "o", color=COLOURS[cost])
    for cost, slope in SLOPES.items():
        _draw_along(slopes, [slope(s) for s in SDS], COLOURS[cost], f"{cost}: ends at {ends[cost]:.3f}")
        slopes.plot(ends[cost], 0, "o", color=COLOURS[cost])
    _draw_distances(distances, ends)
    _draw_densities(densities, ends)
    slopes.axhline(0, color=GRAY, lw=0.8)
    potentials.set(title="What G goes down, against D*", xlabel="sd of G", ylim=(0, 0.6))
    slopes.set(title="Slope of G's cost, D held at its best", xlabel="sd of G", ylim=(-1.2, 0.8))
    for axes, place in ((potentials, "upper center"), (slopes, "lower right"), (distances, "upper left")):
        axes.axvline(1, color=GRAY, lw=0.8, ls=":")
        axes.legend(loc=place, fontsize=8)
    numbers = _numbers(ends)
    caption = _caption(numbers)
    return Figure([print_sheet(drawn, caption)], caption, numbers)


def _draw_along(axes: Axes, values: list[float], colour: str, label: str) -> None:
    axes.plot(SDS, values, color=colour, label=label)


def _draw_distances(axes: Axes, ends: dict[str, float]) -> None:
    _draw_along(axes, [wasserstein(s) for s in SDS], GREEN, "W₁")
    for cost, s in ends.items():
        axes.plot(s, wasserstein(s), "o", color=COLOURS[cost], label=f"end of {cost}")
    axes.plot(1, wasserstein(1.0), "o", color=GRAY, label="equal moments")
    axes.set(title="W₁ from G to the data", xlabel="sd of G", ylim=(0, 0.8))


def _draw_densities(axes: Axes, ends: dict[str, float]) -> None:
    x = np.linspace(MEAN - 3.5, MEAN + 3.5, 701)
    axes.fill_between(
        x, np.exp(-((x - MEAN) ** 2) / 2) / math.sqrt(2 * math.pi), color=GRAY, alpha=0.3, lw=0, label="data"
    )
    for cost, s in ends.items():
        h = math.sqrt(3) * s
        edges = [x[0], MEAN - h, MEAN - h, MEAN + h, MEAN + h, x[-1]]
        axes.plot(edges, [0, 0, 1 / (2 * h), 1 / (2 * h), 0, 0], color=COLOURS[cost], label=f"{cost}: sd {s:.3f}")
    axes.set(title="Data and the three ends", xlabel="x", ylabel="density", ylim=(0, 0.58))
    axes.legend(loc="upper center", fontsize=8, ncols=1)


def _numbers(ends: dict[str, float]) -> dict[str, float]:
    least = min(wasserstein(s) for s in SDS)
    numbers = {"W₁ at sd 1": wasserstein(1.0), "least W₁": least, "V at sd 1": best_value(1.0)}
    for cost, s in ends.items():
        numbers |= {f"end of {cost}": s, f"V there, {cost}": best_value(s), f"W₁ there, {cost}": wasserstein(s)}
    return numbers


def _caption(found: dict[str, float]) -> str:
    at = {cost: f"sd {found[f'end of {cost}']:.3f} (W₁ = {found[f'W₁ there, {cost}']:.3f})" for cost in SLOPES}
    return (
        "G(z) = wz + b of z ~ U[−8, 8] is uniform, of mean b and sd 8|w|/√3: it can match two moments of N(5, 1), not "
        f"its shape. With both matched W₁ = {found['W₁ at sd 1']:.3f} is left, at any sd {found['least W₁']:.3f} or "
        f"more. Minimax ends at {at['minimax']}; V = −{-found['V there, minimax']:.3f} there, and −log 4 = −1.386 is "
        f"out of reach. The non-saturating cost ends at {at['nonsaturating']} against D* = p/(p + q), which jumps to 1 "
        f"where G's samples end, and at {at[CONTINUOUS]} against the best D without a jump, as a network's is."
    )
