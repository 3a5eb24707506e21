"""What four measures of difference say while one distribution moves away from another."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import torch

from gansmith.figures.figure import BLUE, GRAY, GREEN, ORANGE, PURPLE, Figure, print_sheet, sheet
from gansmith.settings.ranges import Range
from gansmith.theory.divergences import js, kl, total_variation
from gansmith.theory.line import wasserstein_line
from gansmith.theory.parallel import Divergences, parallel_lines

if TYPE_CHECKING:
    from matplotlib.axes import Axes


Shift = Annotated[float, Range(above=0, most=1)]


def shifted_gaussians(theta: float) -> Divergences:
    """Return KL, JS, TV and W₁ of N(0, 1) and N(θ, 1), from their densities on a grid."""
    x = torch.linspace(-12, 12, 2401, dtype=torch.float64)
    cell = 0.01
    p, q = (torch.exp(-(x - mean).square() / 2) / math.sqrt(2 * math.pi) for mean in (0.0, theta))
    return Divergences(kl(p, q, cell), js(p, q, cell), total_variation(p, q, cell), wasserstein_line(x, p, q, cell))


def divergences(theta: Shift = 0.5) -> Figure:
    """Parallel lines: KL = ∞, JS = log 2, TV = 1 however near, W₁ = |θ|; beside them, Gaussians that overlap.

    Args:
        theta: distance θ of the lines at which values are read off; of the Gaussians twice that.
    """
    near = [0.05 * i for i in range(1, 21)]
    lines = {theta: parallel_lines(theta) for theta in [-t for t in reversed(near)] + [0.0, *near]}
    gaussians = {0.05 * i: shifted_gaussians(0.05 * i) for i in range(-60, 61)}
    drawn = sheet(2)
    _draw_lines(drawn.axes[0], lines)
    _draw_gaussians(drawn.axes[1], gaussians)
    at, one = parallel_lines(theta), shifted_gaussians(2 * theta)
    drawn.axes[0].axvline(theta, color=GRAY, lw=0.8, ls=":")
    drawn.axes[1].axvline(2 * theta, color=GRAY, lw=0.8, ls=":")
    caption = (
        "Left: KL = ∞, JS = log 2 and TV = 1 for every θ ≠ 0, so their slope tells a generator nothing; W₁ = |θ|. "
        f"Found at θ = {theta:g}: KL = ∞, JS = {at.js:.4f}, TV = {at.total_variation:.4f}, W₁ = {at.wasserstein:.4f} "
        "(POT's plan, 16 points a line).\n"
        "Right: where supports overlap, all four have a slope: KL = θ²/2, TV = erf(|θ|/√8), W₁ = |θ|. "
        f"Found at θ = {2 * theta:g}: KL = {one.kl:.4f}, JS = {one.js:.4f}, TV = {one.total_variation:.4f}, "
        f"W₁ = {one.wasserstein:.4f}."
    )
    numbers = {f"lines {name}": value for name, value in at._asdict().items()}
    numbers |= {f"gaussians {name}": value for name, value in one._asdict().items()}
    return Figure([print_sheet(drawn, caption)], caption, numbers)


def _draw_lines(axes: Axes, lines: Mapping[float, Divergences]) -> None:
    for side in (-1, 1):  # two strokes each, for what happens at θ = 0 is a jump
        half = {theta: found for theta, found in lines.items() if theta * side > 0}
        axes.plot(list(half), [found.js for found in half.values()], color=ORANGE)
        axes.plot(list(half), [found.total_variation for found in half.values()], color=GREEN)
    axes.plot(list(lines), [found.wasserstein for found in lines.values()], color=PURPLE)
    for x, y, words, colour in (
        (0, 0.73, "JS = log 2", ORANGE),
        (0, 1.03, "TV = 1", GREEN),
        (-0.82, 0.3, "W₁ = |θ|", PURPLE),
        (-0.92, 0.02, "at θ = 0\nall four are 0", GRAY),
    ):
        axes.text(x, y, words, color=colour, ha="left" if x else "center", fontsize=11)
    arrow = {"arrowstyle": "->", "color": BLUE}
    for theta in (-0.7, 0.7):
        axes.annotate("KL = ∞", (theta, 1.3), (theta, 1.12), color=BLUE, ha="center", arrowprops=arrow, fontsize=11)
    axes.plot(0, 0, "o", color=GRAY)
    axes.set(title="Parallel lines (0, Z) and (θ, Z)", xlabel="θ", ylabel="divergence", ylim=(-0.05, 1.3))
    axes.set_xticks([-1, -0.5, 0, 0.5, 1])


def _draw_gaussians(axes: Axes, gaussians: Mapping[float, Divergences]) -> None:
    for i, (name, colour) in enumerate(zip(("KL", "JS", "TV", "W₁"), (BLUE, ORANGE, GREEN, PURPLE), strict=True)):
        values = [found[i] for found in gaussians.values()]
        axes.plot(list(gaussians), values, color=colour)
        axes.text(3.1, values[-1], name, color=colour, va="center", fontsize=11)
    axes.set(title="N(0, 1) and N(θ, 1)", xlabel="θ", ylabel="divergence", ylim=(-0.15, 4.7))
