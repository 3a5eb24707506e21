"""Which settings are of which data: one that data make no use of is refused, never passed over in silence."""

from __future__ import annotations

import dataclasses
from typing import Any

from gansmith.data.source import Source
from gansmith.errors import GansmithError

PICTURES = frozenset({"fit", "values", "background"})
COLUMNS = frozenset({"image_column", "label_column", "attribute_columns", "label_bins"})
ANYWHERE = frozenset({"data", "image_size", "flip", "standardize", "resident_limit", "workers"})
"""Settings of a run rather than of its data, or that are checked when samples are there."""
USED: dict[str, frozenset[str]] = {
    "a toy": frozenset(),
    "digits": frozenset(),
    "portraits": frozenset({"attribute_columns"}),
    "a folder of pictures": PICTURES | {"split", "skip", "attribute_columns", "as_"},
    "a table": PICTURES | COLUMNS | {"as_"},
    "a hub set": PICTURES | COLUMNS | {"as_", "split"},
    "an array": PICTURES | {"as_", "split"},
    "arrays by name": PICTURES | COLUMNS | {"as_", "split"},
    "vectors": COLUMNS | {"as_", "split"},
    "arrays in Python": PICTURES | {"as_", "label_bins"},
    "pictures in Python": PICTURES | {"as_", "label_bins"},
    "a table in Python": PICTURES | COLUMNS | {"as_"},
    "data with minibatches of their own": frozenset(),
}
"""Settings that each kind of data looks at, besides those."""


def refuse_unused(source: Source, kind: str, called: str) -> None:
    """Refuse settings that data of a kind make no use of.

    Raises:
        GansmithError: that names the first of them.
    """
    for name, value in _said(source).items():
        if name not in USED[kind]:
            flag = f"--{name.rstrip('_').replace('_', '-')}"
            told = " ".join(f"{v:g}" for v in value) if isinstance(value, tuple) else value
            what = "is built in and makes" if kind in ("a toy", "digits", "portraits") else f"({kind}) makes"
            raise GansmithError(f"{flag} {told}: {called} {what} no use of it: leave it out")


def without_unused(source: Source, kind: str) -> Source:
    """Return a source with only those settings that data of a kind look at."""
    unused = {name: getattr(Source, name) for name in _said(source) if name not in USED[kind]}
    return dataclasses.replace(source, **unused)


def check_size(source: Source, shape: tuple[int, ...], called: str) -> None:
    """Refuse a size of pictures where there are none."""
    if source.image_size and len(shape) != 3:
        raise GansmithError(f"--image-size {source.image_size}: {called} are vectors: leave it out")


def _said(source: Source) -> dict[str, Any]:
    """Return the settings about data that differ from their defaults."""
    fields = [field.name for field in dataclasses.fields(source) if field.name not in ANYWHERE]
    return {name: value for name in fields if (value := getattr(source, name)) != getattr(Source, name)}
