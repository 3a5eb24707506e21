"""Data that a program holds in memory: tensors, arrays, torch data sets and Hugging Face ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from PIL import Image
from torch import Tensor

from gansmith.data.arrays import samples_of
from gansmith.data.columns import plain_labels
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
    samples = np.asarray(data.detach().cpu() if isinstance(data, Tensor) else data)
    return opened(samples_of(samples, labels, NAME, source), source, fit)


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
    except TypeError as error:
        raise GansmithError(
            f"data = {type(data).__name__}: give a name, a tensor, an array, or a data set with a length and items"
        ) from error
    if not items:
        raise GansmithError("data holds no samples")
    if isinstance(items[0], Sequence) and not isinstance(items[0], str):
        labels = [item[1] for item in items] if labels is None and len(items[0]) > 1 else labels
        items = [item[0] for item in items]
        labels = plain_labels(labels)
    if isinstance(items[0], Image.Image):
        return items, labels
    return np.stack([np.asarray(item) for item in items]), labels
