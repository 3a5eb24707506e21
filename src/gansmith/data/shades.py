"""Which stored numbers are black and white: what the data hold decides, or it is asked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import ImageColor

from gansmith.data.source import KEPT, Source
from gansmith.errors import GansmithError

Storage = Literal["bytes", "whole", "real"]
"""How numbers are stored: in 8 bits, as larger whole numbers, as floats."""
Span = tuple[float, float]
FULL: dict[Storage, Span] = {"bytes": (0, 255), "whole": (0, 65535), "real": (0, 1)}
BITS = (8, 10, 12, 14, 16)
STEP = 1 / 510  # half a shade, by which floats may miss [0, 1]
SIGNED = -0.25  # floats that go below it are in [−1, 1]; between it and 0 they could be in either
FLAT = 0.25  # of the span: what holds less of it is hardly a picture


@dataclass
class Extremes:
    """The least and the largest number seen so far, by how it is stored."""

    seen: dict[Storage, Span] = field(default_factory=dict)

    def add(self, storage: Storage, low: float, high: float) -> None:
        before = self.seen.get(storage, (low, high))
        self.seen[storage] = min(before[0], low), max(before[1], high)


@dataclass(frozen=True)
class Shades:
    """What black and white are, by how numbers are stored, and the colour behind what is transparent."""

    spans: Mapping[Storage, Span] = field(default_factory=lambda: FULL)
    background: str = "white"

    @property
    def keeps_alpha(self) -> bool:
        """Whether a fourth channel says how opaque a pixel is."""
        return self.background == KEPT


def check_shades(source: Source) -> None:
    """Refuse a background that is no colour, and black that is white."""
    try:
        opaque = source.background == KEPT or len(ImageColor.getrgb(source.background)) == len("RGB")
    except ValueError:
        opaque = False
    if not opaque:
        raise GansmithError(
            f"--background {source.background}: no colour: use a name such as black, #RRGGBB, or {KEPT}"
        )
    if source.values is not None and not all(map(math.isfinite, source.values)):
        raise GansmithError(f"--values {source.values[0]:g} {source.values[1]:g}: give two numbers that are finite")
    if source.values is not None and source.values[0] == source.values[1]:
        raise GansmithError(f"--values {source.values[0]:g} {source.values[1]:g}: black and white are the same number")


def storage_of(dtype: np.dtype[Any]) -> Storage:
    """Return how numbers of a dtype are stored.

    >>> storage_of(np.dtype("uint8")), storage_of(np.dtype("int64")), storage_of(np.dtype("float16"))
    ('bytes', 'whole', 'real')
    """
    if dtype in (np.uint8, bool):
        return "bytes"
    return "whole" if np.issubdtype(dtype, np.integer) else "real"


def usual(storage: Storage, low: float, high: float) -> Span | None:
    """Return what is black and white where numbers run from `low` to `high`; None where nobody could tell.

    >>> usual("bytes", 0, 1), usual("whole", 0, 4000), usual("real", -0.98, 1.0), usual("real", -3.0, 3.0)
    ((0, 1), (0, 4095), (-1, 1), None)
    """
    if storage == "bytes":
        return (0, 1) if high == 1 else FULL["bytes"]
    if storage == "whole":
        if low < 0 or high > FULL["whole"][1]:
            return None
        return (0, 1) if high == 1 else next((0, 2**bits - 1) for bits in BITS if high < 2**bits)
    if low >= -STEP and high <= 1 + STEP:
        return FULL["real"]
    if -1 - STEP <= low < SIGNED and high <= 1 + STEP:
        return -1, 1
    return (0, 255) if low >= 0 and 127 < high <= 255 else None


def spans_of(extremes: Extremes, source: Source, called: str) -> tuple[dict[Storage, Span], list[str]]:
    """Return what is black and white for every kind of numbers seen, and a line for what is not the full range.

    Raises:
        GansmithError: that asks, where nobody could tell.
    """
    spans, lines = dict(FULL), []
    for storage, (low, high) in extremes.seen.items():
        if source.values is not None:
            spans[storage] = source.values
            continue
        span = usual(storage, low, high)
        if span is None:
            raise GansmithError(
                f"{called}: values run from {low:g} to {high:g}: which are black and white? "
                f"For these, --values {low:g} {high:g}"
            )
        spans[storage] = span
        if span != FULL[storage] and span != (-1, 1):
            lines.append(
                f"values run from {low:g} to {high:g}: {span[0]:g} is black and {span[1]:g} white; "
                "--values says other two"
            )
        if 0 < high - low < FLAT * (span[1] - span[0]):
            lines.append(
                f"values run from {low:g} to {high:g} of {span[0]:g} to {span[1]:g}, which is nearly flat: "
                f"--values {low:g} {high:g} makes the most of them"
            )
    return spans, lines


def shaded(values: NDArray[Any], span: Span) -> NDArray[np.uint8]:
    """Return numbers as bytes, the first of the span 0 and the second 255; what lies beyond is clipped."""
    low, high = span
    exact = (np.asarray(values, dtype=np.float64) - low) * (255 / (high - low))
    return np.asarray(exact.round().clip(0, 255), dtype=np.uint8)
