"""The course of runs as a picture: costs and metrics by step."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PIL import Image

from gansmith.metrics.catalogue import METRICS

LESS = {"fid_infinity", "density", "authenticity"}  # told by an evaluation, not drawn: others show the same course
PANELS = ("generator/cost", "discriminator/cost", *(name for name in METRICS if name not in LESS))
VECTORS = ("wasserstein", "mean_error", "sd_error", "sliced_wasserstein", "modes", "high_quality")
"""What matters most where samples are vectors; KID in raw features has no scale there that anybody knows."""
WIDE, HIGH = 3.2, 2.35
LEFT, RIGHT, ABOVE, BELOW, LEGEND = 0.58, 0.12, 0.32, 0.42, 0.35
"""Inches: of a panel, of what surrounds its axes, and of the names of the runs; measuring texts takes far longer."""
COLOURS = ("#1c7ed6", "#d9480f", "#2b8a3e", "#862e9c", "#e67700", "#0b7285", "#c2255c", "#495057")


def curves(journals: Mapping[str, Sequence[Mapping[str, Any]]], panels: Sequence[str] = PANELS) -> Image.Image:
    """Draw one small plot per number that any journal holds, one line per run.

    Args:
        journals: entries by the run's name; a single run needs no name.
        panels: which numbers, in which order.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    present = in_order([p for p in panels if any(p in entry for entries in journals.values() for entry in entries)])
    columns = min(4, max(1, len(present)))
    rows = max(1, math.ceil(len(present) / columns))
    wide, high = WIDE * columns, HIGH * rows + (LEGEND if len(journals) > 1 else 0)
    figure = Figure(figsize=(wide, high), dpi=100)
    for i, name in enumerate(present):
        left, below = WIDE * (i % columns) + LEFT, high - HIGH * (i // columns + 1) + BELOW
        sides = (left / wide, below / high, (WIDE - LEFT - RIGHT) / wide, (HIGH - ABOVE - BELOW) / high)
        axes = figure.add_axes(sides)
        for (run, entries), colour in zip(journals.items(), _endless(COLOURS), strict=False):
            points = [(e["step"], e[name]) for e in entries if e.get(name) is not None]
            if points:
                marker = "o" if len(points) < 30 else None
                axes.plot(*zip(*points, strict=True), color=colour, linewidth=1.2, marker=marker, ms=2.5, label=run)
        metric = METRICS.get(name)
        axes.set_title(f"{metric.title} ({metric.better})" if metric else name.replace("/", " "), fontsize=9, y=1)
        if i + columns >= len(present):
            axes.set_xlabel("step", fontsize=8)
        axes.tick_params(labelsize=7)
        axes.yaxis.get_offset_text().set_fontsize(7)
        axes.locator_params(nbins=4)
        axes.grid(alpha=0.25)
    if len(journals) > 1 and figure.axes:
        handles = {str(h.get_label()): h for axes in figure.axes for h in axes.get_lines()}
        figure.legend(handles.values(), list(handles), loc="lower center", ncols=min(4, len(handles)), fontsize=8)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3].copy())


def in_order(present: Sequence[str]) -> list[str]:
    """Return what is drawn with what matters first: of vectors on the line or of a mixture that is not FID or KID.

    >>> in_order(["generator/cost", "fid", "kid", "modes", "high_quality"])
    ['generator/cost', 'modes', 'high_quality', 'fid', 'kid']
    >>> in_order(["fid", "wasserstein", "mean_error", "sd_error", "sliced_wasserstein"])[:3]
    ['wasserstein', 'mean_error', 'sd_error']
    """
    if not {"wasserstein", "high_quality"} & set(present):
        return list(present)
    costs = [name for name in present if name.endswith("/cost")]
    first = [name for name in VECTORS if name in present]
    return [*costs, *first, *(name for name in present if name not in (*costs, *first))]


def _endless(colours: Sequence[str]) -> Any:
    while True:
        yield from colours
