"""Data that a program holds in memory: tensors, arrays, torch data sets and Hugging Face ones."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from gansmith.data.arrays import samples_of
from gansmith.data.columns import first_line, plain_labels
from gansmith.data.dataset import Dataset
from gansmith.data.labels import NONE, read_labels, refuse_bins
from gansmith.data.mirror import with_mirror
from gansmith.data.outside import opened
from gansmith.data.source import Source
from gansmith.data.tables import table_of
from gansmith.data.undecoded import Table
from gansmith.data.unused import refuse_unused
from gansmith.errors import GansmithError

NAME = "data"
"""What they are called in messages."""
PAIR = 2


def from_memory(
    data: Any, labels: Any = None, source: Source | None = None, fit: Callable[[int], int] = int
) -> Dataset:
    """Return data of one's own as real samples.

    Args:
        data: a tensor or array of vectors (N, D), floats, or of images (N, H, W), (N, C, H, W) or (N, H, W, C), as
            bytes or as floats in [0, 1] or [−1, 1]; a torch `Dataset` of such samples or PIL images, or of pairs of
            one and its label; a Hugging Face `Dataset`; or anything with gansmith's own `batches`.
        labels: of the samples, (N,): numbers or words, as a tensor, an array or a list.
        source: how images are resized and kept, and which columns hold what.
        fit: maps the images' own side to the side to train at, if the source does not say.
    """
    source = source or Source(NAME)
    return with_mirror(_opened(data, plain_labels(labels), source, fit), source)


def _opened(data: Any, labels: list[Any] | None, source: Source, fit: Callable[[int], int]) -> Dataset:
    if hasattr(data, "batches") and hasattr(data, "shape"):
        if labels is not None:
            raise GansmithError("labels: data that bring their own minibatches bring their labels too")
        refuse_unused(source, "data with minibatches of their own", NAME)
        return data  # type: ignore[no-any-return]
    if hasattr(data, "features") and hasattr(data, "with_format"):
        refuse_unused(source, "a table in Python", NAME)
        own = source if labels is None else dataclasses.replace(source, label_bins=None)  # those are replaced
        return opened(_labelled(table_of(data, own, NAME), labels, source), source, fit)
    if not isinstance(data, Tensor | np.ndarray):
        data, labels = _items(data, labels)
    refuse_unused(source, f"{'pictures' if isinstance(data, list) else 'arrays'} in Python", NAME)
    if isinstance(data, list):  # of images
        refuse_bins(source.label_bins if labels is None else None, NONE)
        return opened(_labelled(Table(data, None, [], NAME), labels, source), source, fit)
    return opened(samples_of(_numbers(data), labels, NAME, source), source, fit)


def _labelled(table: Table, labels: list[Any] | None, source: Source) -> Table:
    """Return the table with these labels, if there are any, in the place of its own."""
    if labels is None:
        return table
    if len(labels) != len(table.cells):
        raise GansmithError(f"{NAME}: {len(table.cells)} samples but {len(labels)} labels")
    known = read_labels("labels", labels, bins=source.label_bins)
    found = dataclasses.replace(table, labels=known.numbers, label_names=known.names, notes=known.notes)
    if known.attributes is None:
        return found
    return dataclasses.replace(found, attributes=known.attributes, attribute_names=known.titles)


def _items(data: Any, labels: list[Any] | None) -> tuple[Any, list[Any] | None]:
    """Return the samples of a torch data set, as an array or a list of images, and the labels that come with them."""
    try:
        items = [data[i] for i in range(len(data))]
    except (TypeError, LookupError) as error:
        raise GansmithError(
            f"data = {type(data).__name__}: give a name, a tensor, an array, or a data set with a length and items "
            f"({type(error).__name__}: {first_line(error)})"
        ) from error
    if not items:
        raise GansmithError("data holds no samples")
    if isinstance(items[0], Sequence) and not isinstance(items[0], str):
        items, second = _halves(items)
        labels = plain_labels(second if labels is None else labels)
    images = sum(isinstance(item, Image.Image) for item in items)
    if images == len(items):
        return items, labels
    if images:
        raise GansmithError(f"data: {images:,} of {len(items):,} items are pictures, and others are not: give one kind")
    arrays = [_numbers(item) for item in items]
    shapes = [*dict.fromkeys(one.shape for one in arrays)]
    if len(shapes) > 1:
        raise GansmithError(f"data: samples of shapes {shapes[0]} and {shapes[1]}: give all one shape, or PIL pictures")
    return np.ma.stack(arrays) if any(map(np.ma.is_masked, arrays)) else np.stack(arrays), labels


def _halves(items: list[Any]) -> tuple[list[Any], list[Any] | None]:
    """Return the samples of items that are a sample and what belongs to it, and their labels if there are any."""
    parts = {len(item) for item in items}
    if isinstance(items[0][0], Real) or len(parts) > 1:
        raise GansmithError(
            "data: items are rows of numbers, or not all alike: give np.array(data), or pairs with labels"
        )
    most = parts.pop()
    if most > PAIR:
        warnings.warn(
            f"data: of items of {most} parts the first two are sample and label: others are left out", stacklevel=4
        )
    return [item[0] for item in items], [item[1] for item in items] if most >= PAIR else None


def _numbers(sample: Any) -> NDArray[Any]:
    """Return a tensor, an array or whatever holds numbers, as an array."""
    try:
        if isinstance(sample, Tensor):
            sample = sample.detach().cpu().to_dense()
            sample = sample.float() if sample.dtype == torch.bfloat16 else sample
        return np.asanyarray(sample)
    except (TypeError, ValueError, RuntimeError) as error:
        raise GansmithError(f"data: a sample cannot be read as numbers ({first_line(error)})") from error
