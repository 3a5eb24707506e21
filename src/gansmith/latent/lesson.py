"""What a predictor learns from: pictures of a data set, and what is known of each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from gansmith.data.dataset import Batch, Dataset, first
from gansmith.data.images import to_bytes
from gansmith.errors import GansmithError, unknown

MEMORY = 2**28  # bytes of images to learn from
MOST = 64  # attributes


class Lesson(NamedTuple):
    """Pictures with attributes."""

    images: Tensor
    """(N, C, H, W) bytes."""
    attributes: Tensor
    """(N, A) in [0, 1]."""
    names: tuple[str, ...]
    """Of the A attributes."""
    ties: Tensor
    """(A, A) correlations of the attributes; −1 between classes, which exclude each other."""
    description: str
    """Of the data, one line."""


def lesson_of(dataset: Dataset, names: Sequence[str] = ()) -> Lesson:
    """Return a data set's first images, as many as fit into 256 MB of bytes, with their attributes.

    Args:
        dataset: images with attributes, or with labels alone; each class is an attribute of 0 or 1 then.
        names: some of the attributes and classes; by default all attributes, or all classes, that are not alike in all
            of the images.

    Raises:
        GansmithError: if the data are no images, nothing is known of them, or an attribute is unknown or never changes.
    """
    known = check_known(dataset, names)
    images, columns = [], []
    for batch in first(dataset, max(1, MEMORY // math.prod(dataset.shape))):
        images.append(to_bytes(batch.x))
        columns.append(_columns(batch, dataset, known))
    attributes = torch.cat(columns)
    changing = [i for i in range(len(known)) if attributes[:, i].amin() < attributes[:, i].amax()]
    if len(changing) < len(known) and (names or not changing):
        still = next(name for i, name in enumerate(known) if i not in changing)
        raise GansmithError(f"{dataset.description}: {still} is the same in all images: leave it out of --attributes")
    chosen, attributes = tuple(known[i] for i in changing), attributes[:, changing].contiguous()
    ties = torch.corrcoef(attributes.double().T).reshape(len(chosen), len(chosen))
    classes = torch.tensor([name not in dataset.attribute_names for name in chosen])
    apart = classes[:, None] & classes & ~torch.eye(len(chosen), dtype=torch.bool)
    return Lesson(torch.cat(images), attributes, chosen, ties.masked_fill(apart, -1), dataset.description)


def check_known(dataset: Dataset, names: Sequence[str] = ()) -> list[str]:
    """Return the names that are meant, before any image is read; see `lesson_of`."""
    if len(dataset.shape) != 3:
        raise GansmithError(f"{dataset.description}: attributes are read from images, and these are vectors")
    there = [*dataset.attribute_names, *(n for n in dataset.label_names if n not in dataset.attribute_names)]
    if not there:
        raise GansmithError(
            f"{dataset.description}: nothing is known of these images: name data with attributes or labels, "
            "such as --data portraits"
        )
    for name in names:
        if name not in there:
            raise unknown("attribute", name, there)
    wanted = list(dict.fromkeys(names)) or list(dataset.attribute_names) or there
    if len(wanted) > MOST:
        raise GansmithError(f"{len(wanted)} attributes are too many, {MOST} are the most: choose some by --attributes")
    return wanted


def _columns(batch: Batch, dataset: Dataset, names: Sequence[str]) -> Tensor:
    """Return the attributes (N, A) of these names."""
    parts = []
    for name in names:
        if name in dataset.attribute_names and batch.attributes is not None:
            parts.append(batch.attributes[:, list(dataset.attribute_names).index(name)])
        elif batch.labels is not None:
            parts.append((batch.labels == list(dataset.label_names).index(name)).float())
    return torch.stack(parts, dim=1)
