"""Figures: what theory says about GANs, computed anew and drawn for a lecture."""

from __future__ import annotations

from collections.abc import Callable

from gansmith.errors import unknown
from gansmith.figures.figure import Figure

__all__ = ["FIGURES", "Figure", "figure"]

FIGURES: dict[str, Callable[[], Figure]] = {}


def figure(name: str) -> Figure:
    """Compute and draw a figure by name."""
    if name not in FIGURES:
        raise unknown("figure", name, FIGURES)
    return FIGURES[name]()
