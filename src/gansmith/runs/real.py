"""The data that a generator's samples are held against: those of its run, or others of the same kind."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gansmith.data import SOURCES, Dataset, Source, open_dataset
from gansmith.data.fingerprint import changed, fingerprint
from gansmith.data.opening import kind_of
from gansmith.data.subset import labelled
from gansmith.data.unused import without_unused
from gansmith.errors import GansmithError
from gansmith.generators.trained import TrainedGenerator
from gansmith.metrics.form import Form, words
from gansmith.recipes import former
from gansmith.records.run_folder import RunFolder
from gansmith.settings.foreign import refuse_foreign
from gansmith.settings.stored import from_typed


def source_of(gan: TrainedGenerator) -> Mapping[str, Any]:
    """Return what a generator's run was trained on, as its settings say it."""
    stored: Mapping[str, Any] = gan.made_by.get("recipe", {}).get("source", {})
    return stored


def real_data(gan: TrainedGenerator, data: str | None, trust: bool = False) -> Dataset:
    """Open the data of a generator's run, or others, at the size its samples have."""
    size, stored = Form(tuple(gan.shape)).size, source_of(gan)
    refuse_foreign(stored, gan.name, trust)
    source: Source = from_typed(former.source(stored), SOURCES, "source")
    if data is None:
        refuse_foreign(source.data, gan.name, trust)
    if data is not None and data != source.data:
        split = source.split if str(data).startswith("hub:") else None
        source = dataclasses.replace(source, data=data, split=split, values=None, skip=None, label_bins=None)
        source = dataclasses.replace(source, image_column=None, label_column=None, attribute_columns=None)
        source = without_unused(source, kind_of(str(data)))
    elif gan.run is not None:
        source = RunFolder(gan.run).located(source)
    dataset = open_dataset(dataclasses.replace(source, image_size=size) if size else source)
    dataset = labelled(dataset) if gan.conditioning.condition == "labels" else dataset
    if tuple(dataset.shape) != tuple(gan.shape):
        raise GansmithError(
            f"{gan.name} makes samples of shape {words(gan.shape)}, and --data {source.data} holds "
            f"{words(dataset.shape)}: name data of the same kind"
        )
    if gan.run is not None and (data is None or data == stored.get("data")):
        _compare_data(gan.run, dataset)
    return dataset


def _compare_data(run: Path, dataset: Dataset) -> None:
    """Warn of a run's data that are not what it was trained on."""
    before, now = (RunFolder(run).described() or {}).get("data") or {}, fingerprint(dataset)
    if changed(before, now):
        warnings.warn(
            f"the data of {run.name} are not what it was trained on, {before['count']:,} samples then and "
            f"{now['count']:,} now: it is measured against those of now",
            stacklevel=2,
        )
