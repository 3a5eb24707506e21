"""Arrays, .npy and .npz: vectors or images."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from gansmith.data.archives import load
from gansmith.data.attributes import as_attributes, asked
from gansmith.data.columns import IMAGE_NAMES, LABEL_NAMES, choose
from gansmith.data.images import Resident
from gansmith.data.labels import NONE, Labels, read_labels, refuse_bins
from gansmith.data.room import check_room
from gansmith.data.shades import FULL, Extremes, Span, shaded, spans_of, storage_of, usual
from gansmith.data.shapes import shaped
from gansmith.data.source import Source
from gansmith.data.splits import of_split
from gansmith.data.undecoded import Table
from gansmith.data.unused import refuse_unused
from gansmith.errors import GansmithError

Array = NDArray[Any]
COARSE = 1e-3  # of a column's deviation, that rounding may change its numbers by before it is said
UNEVEN = 100  # times that one column may deviate more than another before it is said
LOOKED = 1024  # samples of bytes
RGB, RGBA = 3, 4
BLOCK = 2**20  # numbers that are held in double precision at a time


def array(path: Path, source: Source) -> Resident | Table:
    """Read vectors, which are kept in memory, or a table of images."""
    arrays = load(path)
    signed = "range" in arrays and arrays["range"].tolist() == [-1, 1]  # as samples of ours say
    arrays = of_split(arrays, source, f"--data {path}", leave=("range",) if signed else ())
    labels = Labels()
    attributes, titles = as_attributes(asked(source), "array", arrays)
    others = [name for name in arrays if name not in (*LABEL_NAMES, *titles)]
    samples = arrays[choose("array", source.image_column, others, IMAGE_NAMES, arrays)]
    known = [name for name in LABEL_NAMES if name in arrays]
    if source.label_column or known:
        label_column = choose("array", source.label_column, known, known, arrays)
        values = np.atleast_1d(arrays[label_column])
        called = f"array '{label_column}'"
        labels = read_labels(called, values, None, bool(source.label_column), source.label_bins)
    else:
        refuse_bins(source.label_bins, NONE)
    called = f"--data {path}"
    samples = shaped(samples, source, called)
    source = dataclasses.replace(source, values=source.values or (-1, 1)) if signed else source
    return _made(samples, labels, called, path.name, source, attributes, titles, [*arrays])


def samples_of(samples: Array, labels: list[Any] | None, called: str, source: Source) -> Resident | Table:
    """Return an array of samples, with their labels if there are any."""
    samples = shaped(samples, source, called)
    if labels is None:
        refuse_bins(source.label_bins, NONE)
    found = Labels() if labels is None else read_labels("labels", labels, bins=source.label_bins)
    return _made(samples, found, called, called, source, None, [], [])


def _made(
    samples: Array,
    known: Labels,
    called: str,
    title: str,
    source: Source,
    attributes: Tensor | None,
    titles: list[str],
    columns: list[str],
) -> Resident | Table:
    if attributes is None:
        attributes, titles = known.attributes, known.titles
    for what, rows in (("labels", known.numbers), ("attributes", attributes)):
        if rows is not None and len(rows) != len(samples):
            raise GansmithError(f"{called}: {len(samples)} samples but {len(rows)} {what}")
    if samples.ndim > 2:
        span, told = _span(called, samples[..., :RGB] if samples.shape[3:] == (RGBA,) else samples, source)
        pictures = Pictures(samples, span, _clear(called, samples, span))
        notes = [*known.notes, *told]
        return Table(pictures, known.numbers, known.names, title, attributes, titles, columns, notes=notes)
    refuse_unused(source, "vectors", title)
    about = f"{title}: {len(samples):,} vectors of {samples.shape[1]} numbers"
    vectors = _vectors(called, samples)
    notes = [*known.notes, *_coarse(samples, vectors), *([] if source.standardize else _uneven(vectors))]
    return Resident(vectors, known.numbers, known.names, about, attributes, titles, columns, notes=notes)


def _vectors(called: str, samples: Array) -> Tensor:
    """Return vectors in float32; to look whether they are finite takes as much again."""
    check_room(2 * 4 * samples.size, called, "take fewer of its rows, np.save('fewer.npy', x[:100000])")
    with np.errstate(over="ignore"):
        vectors = torch.from_numpy(samples.astype(np.float32))
    if not vectors.isfinite().all():
        if np.isfinite(samples).all():
            raise GansmithError(f"{called}: some values are beyond 3.4e38, the largest of float32: scale them first")
        raise GansmithError(f"{called}: some values are NaN or infinite")
    return vectors


def _coarse(samples: Array, vectors: Tensor) -> list[str]:
    """Return a line about columns whose numbers are large beside their spread, so that float32 rounds it away."""
    if samples.dtype.itemsize <= 4 and samples.dtype.kind == "f":
        return []
    spread = _spread(samples)
    pairs = zip(_blocks(samples), _blocks(vectors.numpy()), strict=True)
    lost = np.max([np.abs(own - kept).max(axis=0) for own, kept in pairs], axis=0)
    coarse = np.flatnonzero(lost > COARSE * spread)
    if not len(coarse) or not spread[coarse[0]]:
        return []
    first = coarse[0]
    return [
        f"{len(coarse):,} columns are kept coarsely in float32, column {first} in steps of about {2 * lost[first]:.3g} "
        f"where it deviates by {spread[first]:.3g}: subtract its mean before"
    ]


def _uneven(vectors: Tensor) -> list[str]:
    """Return a line about columns whose spreads are far apart."""
    spreads = _spread(vectors.numpy())
    spreads = spreads[spreads > 0]
    if len(spreads) < 2 or spreads.max() < UNEVEN * spreads.min():
        return []
    return [
        f"columns deviate by {float(spreads.min()):.3g} to {float(spreads.max()):.3g}: with --standardize the networks "
        "see them in units of their spread, and samples are in the data's"
    ]


def _spread(samples: Array) -> Array:
    """Return the standard deviation of each column."""
    mean = sum(block.sum(axis=0) for block in _blocks(samples)) / len(samples)
    squares = sum(np.square(block - mean).sum(axis=0) for block in _blocks(samples))
    return np.asarray(np.sqrt(squares / len(samples)))


def _blocks(samples: Array) -> Iterator[Array]:
    """Yield rows in double precision, a few at a time."""
    size = max(1, BLOCK // samples.shape[1])
    for start in range(0, len(samples), size):
        yield samples[start : start + size].astype(np.float64)


def _span(called: str, samples: Array, source: Source) -> tuple[Span, list[str]]:
    """Return which numbers are black and white in an array of images, and what is to be said of it."""
    storage, extremes = storage_of(samples.dtype), Extremes()
    seen = samples
    if storage == "bytes" and samples[:: max(1, len(samples) // LOOKED)].max() > 1:  # then the full range is sure
        seen = samples[:: max(1, len(samples) // LOOKED)]
    low, high = float(seen.min()), float(seen.max())
    if not (math.isfinite(low) and math.isfinite(high)):
        raise GansmithError(f"{called}: some values are NaN or infinite")
    extremes.add(storage, low, high)
    if source.values is None and samples.dtype == bool:
        return (0, 1), []
    spans, told = spans_of(extremes, source, called)
    return spans[storage], told


def _clear(called: str, samples: Array, colours: Span) -> Span:
    """Return which numbers are wholly transparent and opaque, by those that alpha holds, if there is any."""
    if samples.shape[3:] != (RGBA,):
        return colours
    low, high = (float(end) for end in (samples[..., RGB].min(), samples[..., RGB].max()))
    if not (math.isfinite(low) and math.isfinite(high)):
        raise GansmithError(f"{called}: some values are NaN or infinite")
    return (0, 1) if samples.dtype == bool else usual(storage_of(samples.dtype), low, high) or colours


class Pictures(Sequence[Any]):
    """Rows of an array (N, H, W) or (N, H, W, C) as images, made one at a time.

    Args:
        samples: the array, of bytes or other numbers.
        span: which numbers are black and white.
        clear: which are transparent and opaque, in a fourth channel; by default as black and white.
    """

    def __init__(self, samples: Array, span: Span, clear: Span | None = None) -> None:
        self.clear = clear or span
        self.samples = samples[..., 0] if samples.shape[3:] == (1,) else samples
        self.span = span

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, row: Any) -> Any:
        picture = self.samples[row]
        if picture.dtype != np.uint8 or {self.span, self.clear} != {FULL["bytes"]}:
            colours = shaded(picture, self.span)
            if picture.shape[2:] == (RGBA,):
                colours[..., RGB] = shaded(picture[..., RGB], self.clear)
            picture = colours
        return Image.fromarray(np.ascontiguousarray(picture))
