"""The saddle that both players slide into."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from gansmith.dynamics import Simultaneous
from gansmith.dynamics.spectrum import spectral_radius, update_matrix
from gansmith.figures.figure import COLOURS, Figure, print_sheet, sheet
from gansmith.figures.plane import distances, draw_field, draw_trail, square, trail
from gansmith.games import toy
from gansmith.settings.ranges import Count, Positive

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Sheet
    from numpy.typing import NDArray

LR = 0.1
STEPS = 30
STARTS = ((0.9, 0.25), (-0.75, 0.9), (-0.4, -0.95), (0.85, -0.7))


def saddle(eta: Positive = LR, steps: Count = STEPS) -> Figure:
    """x² − y²: a saddle into which each player slides alone, at any small rate.

    Args:
        eta: step size η of both players.
        steps: from each start.
    """
    game = toy.saddle(lr=eta)
    ways = [
        trail(Simultaneous(), toy.saddle(*start, lr=eta), itertools.repeat(None), steps, ("x", "y")) for start in STARTS
    ]
    factor = spectral_radius(update_matrix(Simultaneous(), game, None))
    left = max(float(distances(way)[-1] / distances(way)[0]) for way in ways)
    drawn = sheet(2, width=4.4, height=4.0)
    _surface(drawn, ways)
    plan = drawn.axes[0]
    _contours(plan)
    draw_field(plan, game, itertools.repeat(None), ("x", "y"), 1.0)
    for colour, way in zip(COLOURS, ways, strict=False):
        draw_trail(plan, way, colour)
    square(plan, 1.05, "x (descends f)", "y (ascends f)")
    plan.set_title("arrows: along −v = (−2x, −2y)", fontsize=10)
    caption = (
        "min over x, max over y of f(x, y) = x² − y². Each player's gradient depends on itself alone, v = (2x, 2y), so "
        f"the update matrix is (1 − 2η) I. With η = {eta:g} every step keeps {factor:.2g} of the distance: after "
        f"{steps} "
        f"steps {left:.1e} of it is left ({factor:.2g}^{steps} = {factor**steps:.1e})."
    )
    return Figure([print_sheet(drawn, caption)], caption, {"factor": factor, "left": left})


def _grid() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x, y = np.meshgrid(np.linspace(-1.05, 1.05, 60), np.linspace(-1.05, 1.05, 60))
    return x, y


def _surface(drawn: Sheet, ways: list[NDArray[np.float64]]) -> None:
    """Replace the first plot by the surface, with the players' ways on it."""
    drawn.axes[0].remove()
    axes = drawn.add_subplot(1, 2, 1, projection="3d", computed_zorder=False)
    x, y = _grid()
    axes.plot_surface(x, y, x**2 - y**2, cmap="coolwarm", alpha=0.6, lw=0, rcount=30, ccount=30)
    for colour, way in zip(COLOURS, ways, strict=False):
        axes.plot(way[:, 0], way[:, 1], way[:, 0] ** 2 - way[:, 1] ** 2, color=colour, marker=".", ms=4, lw=1.5)
    axes.set(xlabel="x", ylabel="y", title="height: f(x, y) = x² − y²")
    axes.title.set_fontsize(10)
    axes.view_init(elev=28, azim=-58)
    axes.tick_params(labelsize=7)


def _contours(axes: Axes) -> None:
    x, y = _grid()
    axes.contour(x, y, x**2 - y**2, levels=np.linspace(-1, 1, 11), cmap="coolwarm", linewidths=0.8, alpha=0.8)
