"""Opening data by name."""

from __future__ import annotations

import dataclasses
import math
import os
from collections.abc import Callable
from pathlib import Path

from gansmith.data.columns import no_columns
from gansmith.data.dataset import Dataset
from gansmith.data.mirror import with_mirror
from gansmith.data.source import Source
from gansmith.data.unused import refuse_unused
from gansmith.errors import GansmithError, unknown
from gansmith.numerics import settle_vector_mathematics
from gansmith.settings.foreign import imported, is_foreign

GIVEN = "given in Python"
"""Stands for data that a program gave, in the config of their run."""
BUILT_IN: dict[str, str] = {
    "normal": "1-D normal N(5, 1)",
    "ring": "8 Gaussians on a ring",
    "grid": "25 Gaussians on a grid",
    "moons": "two half moons",
    "swissroll": "Swiss roll in the plane",
    "digits": "1,797 real handwritten digits, 8x8, labelled (scikit-learn)",
    "portraits": "20,000 drawn faces in colour with known attributes, 32 to 128 pixels; portraits:COUNT draws as many",
    "stacked:DATA": "three random images of a labelled gray set as red, green and blue: K classes make K³ modes",
}


def open_dataset(source: Source, fit: Callable[[int], int] = lambda side: side) -> Dataset:
    """Open the data that a recipe names.

    Args:
        source: what and how.
        fit: maps the images' own side to the side to train at; asked only if `source.image_size` is not set.

    Raises:
        GansmithError: if there is no such set, file, folder, column or readable image.
    """
    settle_vector_mathematics()
    if not isinstance(source.data, str | os.PathLike):
        raise GansmithError(f"data = {type(source.data).__name__}: give a name or a path here; train takes tensors too")
    source = dataclasses.replace(source, data=os.fspath(source.data))
    return with_mirror(_opened(source, fit), source)


def _opened(source: Source, fit: Callable[[int], int]) -> Dataset:
    name = source.data
    _check(source)
    if name.startswith("stacked:"):
        from gansmith.data.stacked import stack

        whole = dataclasses.replace(source, data=name.removeprefix("stacked:"), resident_limit=math.inf, flip=False)
        return stack(open_dataset(whole, fit))
    if name == "digits":
        from gansmith.data.digits import digits

        return digits(source.image_size or fit(8))
    if _are_portraits(name):
        from gansmith.data.portraits import open_portraits

        return open_portraits(source, fit)
    if name in BUILT_IN:
        from gansmith.data.toys import TOYS

        return TOYS[name]()
    if is_foreign(name):
        from gansmith.data.memory import from_memory

        found = imported(name, "data")
        as_they_are = dataclasses.replace(source, flip=False)
        return from_memory(found() if callable(found) else found, None, as_they_are, fit)
    if name == GIVEN:
        raise GansmithError(
            "the data of this run were given in Python: give them again, data=…, or name others, --data"
        )
    looks_outside = any(mark in name for mark in ("/", "\\", ".", "hub:")) or name.startswith("~")
    if not looks_outside and not Path(name).exists():
        raise unknown("data set", name, BUILT_IN)
    from gansmith.data.outside import open_outside

    return open_outside(source, fit)


def _check(source: Source) -> None:
    """Refuse the choice of a column where there are none, before anything is read."""
    drawn = _are_portraits(source.data)
    if source.data in BUILT_IN or drawn:
        rest = dataclasses.replace(source, attribute_columns=None) if drawn else source  # those may be chosen
        no_columns(rest, f"{source.data} is built in and has no columns to choose from")
        refuse_unused(source, kind_of(source.data), source.data)


def kind_of(name: str) -> str:
    """Return the kind of data that a name is of, as `gansmith.data.unused` calls it."""
    name = name.removeprefix("stacked:")
    if name in BUILT_IN:
        return name if name in ("digits", "portraits") else "a toy"
    if _are_portraits(name):
        return "portraits"
    if name.startswith("hub:") or is_foreign(name) or name == GIVEN:
        return "a hub set" if name.startswith("hub:") else "a table in Python"
    kinds = {".parquet": "a table", ".npy": "an array", ".npz": "arrays by name"}
    return kinds.get(Path(name).suffix.lower(), "a folder of pictures")


def _are_portraits(name: str) -> bool:
    """Tell whether these are `portraits` or `portraits:COUNT`, and not something of a module of that name."""
    return name.partition(":")[0] == "portraits" and not is_foreign(name)
