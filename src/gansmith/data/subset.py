"""A data set as a run needs it: the samples that have a label alone, and classes in the order that the run knows."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from gansmith.data.dataset import Dataset
from gansmith.data.images import Resident, Streaming
from gansmith.data.undecoded import Table
from gansmith.errors import GansmithError


def labelled(dataset: Dataset) -> Dataset:
    """Return the samples that have a label, which all have where no label is −1."""
    known = labels_of(dataset)
    if known is None or bool((known >= 0).all()):
        return dataset
    rows = (known >= 0).nonzero()[:, 0]
    part = _rows(dataset, rows)
    part.description = f"{dataset.description}, {len(rows):,} of them labelled"
    return part  # type: ignore[no-any-return]


def aligned(dataset: Dataset, labels: Sequence[str], attributes: Sequence[str], run: str) -> Dataset:
    """Return a data set whose classes and attributes are numbered as those of a run, which are the same by name.

    Args:
        dataset: to be aligned.
        labels: names of the run's classes; none if it makes no use of them.
        attributes: names of its attributes; none if it makes no use of them.
        run: its name, for the error.

    Raises:
        GansmithError: if the data have classes that the run does not know, or lack an attribute.
    """
    own = [*dataset.label_names]
    if labels and own != [*labels]:
        dataset = _relabelled(dataset, own, labels, run)
    if attributes and [*dataset.attribute_names] != [*attributes]:
        dataset = _with_attributes(dataset, attributes, run)
    return dataset


def labels_of(dataset: Dataset) -> Tensor | None:
    """Return the labels of all samples, if they are kept together."""
    known = dataset.table.labels if isinstance(dataset, Streaming) else getattr(dataset, "labels", None)
    return known if isinstance(known, Tensor) else None


def _relabelled(dataset: Dataset, own: Sequence[str], wanted: Sequence[str], run: str) -> Dataset:
    strange = [name for name in own if name not in wanted]
    known = labels_of(dataset)
    if strange or known is None or not own:
        has = f"the label{'s' if len(strange) > 1 else ''} {', '.join(strange)}" if strange else "no labels to match"
        raise GansmithError(
            f"{dataset.description} has {has}, and {run} knows {', '.join(wanted)}: classes are matched by name, "
            "name data of the same kind"
        )
    number = torch.tensor([*map([*wanted].index, own), -1])
    return _with(dataset, labels=number[known], label_names=[*wanted])


def _with_attributes(dataset: Dataset, wanted: Sequence[str], run: str) -> Dataset:
    own = [*dataset.attribute_names]
    lacking = [name for name in wanted if name not in own]
    part: Any = dataset.table if isinstance(dataset, Streaming) else dataset
    values = getattr(part, "attributes", None)
    if lacking or values is None:
        raise GansmithError(
            f"{dataset.description} lacks the attribute {', '.join(lacking or wanted)} of {run}: they are matched by "
            "name, choose with --attribute-columns"
        )
    return _with(dataset, attributes=values[:, [own.index(name) for name in wanted]], attribute_names=[*wanted])


def _rows(dataset: Dataset, rows: Tensor) -> Any:
    part = dataset.table if isinstance(dataset, Streaming) else dataset
    assert isinstance(part, Resident | Table)  # `labels_of` found labels there
    labels = None if part.labels is None else part.labels[rows]
    attributes = None if part.attributes is None else part.attributes[rows]
    if isinstance(part, Resident):
        return dataclasses.replace(part, samples=part.samples[rows], labels=labels, attributes=attributes)
    changed: Any = copy.copy(dataset)
    cells = _Chosen(part.cells, rows.tolist())
    changed.table = dataclasses.replace(part, cells=cells, labels=labels, attributes=attributes)
    changed.count = len(rows)
    return changed


def _with(dataset: Dataset, **parts: Any) -> Dataset:
    """Return a data set with other labels or attributes, and their names."""
    if isinstance(dataset, Resident):
        return dataclasses.replace(dataset, **parts)
    changed: Any = copy.copy(dataset)
    changed.table = dataclasses.replace(changed.table, **parts)
    vars(changed).update({name: part for name, part in parts.items() if name.endswith("_names")})
    return changed  # type: ignore[no-any-return]


class _Chosen(Sequence[Any]):
    """Some of a table's rows."""

    def __init__(self, cells: Sequence[Any], rows: list[int]) -> None:
        self.cells = cells
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, row: Any) -> Any:
        return self.cells[self.rows[row]]
