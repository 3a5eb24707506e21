"""Entangled and disentangled noise: two generators of the very same samples."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gansmith.figures.figure import BLUE, GRAY, ORANGE, Figure, print_sheet, sheet
from gansmith.settings.ranges import Count, Seed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]
WALK = (-2.0, -1.0, 0.0, 1.0, 2.0)


def boxes(z: Array) -> Array:
    """Return width and height 1.6^z of boxes, (N, 2): one number of z for each of them."""
    found: Array = 1.6**z
    return found


def turned(z: Array) -> Array:
    """Return the boxes of z turned by 45°: as z is round, the samples are distributed as those of `boxes`."""
    c = math.sqrt(0.5)
    return boxes(np.stack([c * (z[:, 0] - z[:, 1]), c * (z[:, 0] + z[:, 1])], axis=1))


GENERATORS: dict[str, Callable[[Array], Array]] = {"disentangled": boxes, "entangled": turned}


def moves(generator: Callable[[Array], Array], z: Array) -> Array:
    """Return |correlation| of each number of z (rows) with the log of width and height (columns), (2, 2)."""
    found: Array = np.abs(np.corrcoef(z.T, np.log(generator(z)).T)[:2, 2:])
    return found


def entangled(count: Count = 20_000, seed: Seed = 0) -> Figure:
    """Two generators of the same boxes: one number of z for each factor, or each number for both.

    Args:
        count: samples of either generator.
        seed: of all random numbers.
    """
    z = np.random.default_rng(seed).standard_normal((count, 2))
    drawn = sheet(3, 2, width=4.0, height=1.8)
    numbers: dict[str, float] = {}
    for row, (name, generator) in enumerate(GENERATORS.items()):
        left, middle, right = drawn.axes[3 * row : 3 * row + 3]
        _draw_walk(left, generator, 0, f"{name}: z₁ from −2 to 2")
        _draw_walk(middle, generator, 1, f"{name}: z₂ from −2 to 2")
        matrix = moves(generator, z)
        _draw_matrix(right, matrix)
        numbers |= _found(name, matrix, generator(z))
    caption = (
        "Width and height are 1.6 to the power of a number each. Disentangled, z₁ is the width and z₂ the height; "
        "below, z is "
        f"turned by 45° before. Both make the same samples (mean log width {numbers['disentangled: mean']:.3f} and "
        f"{numbers['entangled: mean']:.3f}, sd {numbers['disentangled: sd']:.3f} and {numbers['entangled: sd']:.3f}), "
        "so no "
        "discriminator prefers one. Right: |correlation| of each z with each factor. What tells them apart is asked "
        "for "
        "beside the game: a code that can be read back."
    )
    return Figure([print_sheet(drawn, caption)], caption, numbers)


def _found(name: str, matrix: Array, made: Array) -> dict[str, float]:
    wide = np.log(made[:, 0])
    return {
        f"{name}: z₁ and width": float(matrix[0, 0]),
        f"{name}: z₁ and height": float(matrix[0, 1]),
        f"{name}: mean": float(wide.mean()),
        f"{name}: sd": float(wide.std()),
    }


def _draw_walk(axes: Axes, generator: Callable[[Array], Array], which: int, title: str) -> None:
    from matplotlib.patches import Rectangle

    z = np.zeros((len(WALK), 2))
    z[:, which] = WALK
    for i, (width, height) in enumerate(generator(z) / 3.2):
        axes.add_patch(Rectangle((i - width / 2, -height / 2), width, height, color=(BLUE, ORANGE)[which], alpha=0.8))
    axes.set(xlim=(-0.6, len(WALK) - 0.4), ylim=(-0.75, 0.75), aspect="equal")
    axes.set_axis_off()
    axes.set_title(title, fontsize=10)


def _draw_matrix(axes: Axes, matrix: Array) -> None:
    axes.imshow(matrix, cmap="Blues", vmin=0, vmax=1.3)
    for (i, j), value in np.ndenumerate(matrix):
        axes.text(j, i, f"{value:.2f}", ha="center", va="center", color="black" if value > 0.05 else GRAY)
    axes.set_xticks([0, 1], ["width", "height"])
    axes.set_yticks([0, 1], ["z₁", "z₂"])
    axes.grid(False)
    axes.spines[:].set_visible(False)
