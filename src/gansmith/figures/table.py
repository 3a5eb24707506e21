"""Tables on a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from gansmith.figures.figure import GRAY, typeset

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_table(
    axes: Axes,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    colours: Mapping[tuple[int, int], str] | None = None,
    size: float = 10,
) -> None:
    """Fill a plot with a table.

    Args:
        axes: whose frame is taken away.
        header: of the columns.
        rows: of cells.
        widths: shares of the width, of any sum.
        colours: of single cells, by row and column.
        size: of the letters.
    """
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(0, 1))
    left, total = [0.0], sum(widths)
    for width in widths[:-1]:
        left.append(left[-1] + width / total)
    height = 1 / (len(rows) + 1)
    for i, row in enumerate([header, *rows]):
        y = 1 - (i + 0.5) * height
        for j, (x, cell) in enumerate(zip(left, row, strict=True)):
            weight = "bold" if i == 0 else "normal"
            colour = (colours or {}).get((i - 1, j), "black")
            axes.text(x, y, typeset(cell), va="center", fontsize=size, weight=weight, color=colour, linespacing=1.3)
        if i:
            axes.axhline(1 - i * height, color=GRAY, lw=0.6, alpha=0.6)
