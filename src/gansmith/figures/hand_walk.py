"""min max xy walked by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gansmith.figures.figure import BLUE, GRAY, ORANGE, Figure, print_sheet, sheet
from gansmith.figures.table import draw_table
from gansmith.settings.ranges import Positive
from gansmith.theory.walk import PRINTED, SLIPS, walk, written

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from gansmith.theory.walk import Place


def hand_walk(eta: Positive = 0.3) -> Figure:
    """Three steps of min max xy from (1, 0) by hand, beside those that a lecture prints, with its slips.

    Args:
        eta: step size η of both players.
    """
    right = walk(3)
    drawn = sheet(2, width=5.6, height=4.2)
    _table(drawn.axes[0], right)
    _ways(drawn.axes[1], right, eta)
    numbers = {
        f"{who} {name}{step}": float(getattr(place, name)(eta))
        for who, places in (("right", right), ("printed", PRINTED))
        for step, place in enumerate(places)
        for name in "xy"
    }
    grown = float(np.hypot(numbers["right x3"], numbers["right y3"]))
    numbers["distance"] = grown
    slips = "; ".join(f"{name}{'₀₁₂₃'[step]}: {what}" for step, name, what in SLIPS)
    caption = (
        "x' = x − ηy, y' = y + ηx from (1, 0): step t is the real and the imaginary part of (1 + iη)^t, so the "
        "distance "
        f"grows by √(1 + η²) a step, to {grown:.4f} after three at η = {eta:g}.\nWhere the printed numbers slip: "
        f"{slips}."
    )
    return Figure([print_sheet(drawn, caption)], caption, numbers)


def _table(axes: Axes, right: list[Place]) -> None:
    rows, colours = [], {}
    for step, (ours, theirs) in enumerate(zip(right, PRINTED, strict=True)):
        rows.append([str(step), *map(written, (ours.x, ours.y, theirs.x, theirs.y))])
        for column, (a, b) in enumerate(((ours.x, theirs.x), (ours.y, theirs.y))):
            if written(a) != written(b):
                colours[step, 3 + column] = ORANGE
    draw_table(axes, ["t", "x", "y", "x, printed", "y, printed"], rows, [0.5, 1.6, 1.6, 1.8, 1.8], colours)
    axes.set_title("by hand, and as printed (orange: another number)", fontsize=10)


def _ways(axes: Axes, right: list[Place], eta: float) -> None:
    for places, colour, label in ((right, BLUE, "right"), (PRINTED, ORANGE, "printed")):
        way = np.array([[place.x(eta), place.y(eta)] for place in places])
        axes.plot(*way.T, "o-", color=colour, label=label, ms=5, zorder=3 if colour == BLUE else 2)
        for t, place in enumerate(way):
            if colour == BLUE or t > 1:
                beside = (-42, -12) if colour == ORANGE else (6, 6)
                axes.annotate(f"t = {t}", place, beside, textcoords="offset points", color=colour)
    turn = np.linspace(0, np.pi / 2, 80)
    axes.plot(np.cos(turn), np.sin(turn), color=GRAY, lw=0.8, ls="--", label="distance 1")
    reach = max(1.35, 1.1 * (1 + eta**2) ** 1.5)
    axes.set(xlim=(-0.1, reach), ylim=(-0.1, reach), aspect="equal", xlabel="x (descends xy)", ylabel="y (ascends xy)")
    axes.set_title(f"η = {eta:g}", fontsize=10)
    axes.legend(fontsize=8, frameon=False, loc="lower left")
