"""Labels in the shapes that they come in: a class is its name, one-hot rows are classes, and some samples have none."""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gansmith.data.names import plain
from gansmith.errors import GansmithError

MISSING = -1
"""The number of a sample that has no label."""
NONE = "the data have no labels"


@dataclass
class Labels:
    """What a column of labels says of every sample."""

    numbers: Tensor | None = None
    """(N,) int64 classes, −1 for samples without; None if there are no classes."""
    names: list[str] = field(default_factory=list)
    """Of the classes."""
    attributes: Tensor | None = None
    """(N, A) of samples that have several labels at once."""
    titles: list[str] = field(default_factory=list)
    """Names of these attributes."""
    notes: list[str] = field(default_factory=list)


class _OddError(Exception):
    """Says why values are no labels."""


def read_labels(
    column: str, values: Any, names: Sequence[str] | None = None, required: bool = True, bins: int | None = None
) -> Labels:
    """Return the classes that a column holds; values that are no class numbers yet are numbered in sorted order.

    Takes words, whole numbers, (N, 1) columns, one-hot rows, and rows of zeros and ones, which become attributes. A
    sample has no label where there is None, NaN, an empty word, or −1 beside other classes than 1.

    Args:
        column: its name, for the error.
        values: class numbers if there are names; else words or numbers.
        names: of the classes.
        required: whether the user asked for this column; if not, one without classes is left out with a warning.
        bins: as many classes as measured values are put into.
    """
    try:
        array = _plain(values)
        if array.ndim == 2:
            return _of_rows(column, array, bins)
        return _of_values(column, array, names, bins)
    except _OddError as odd:
        if required:
            raise GansmithError(f"{column}: {odd}") from None
        warnings.warn(f"{column}: {odd}; going on without labels", stacklevel=2)
        return Labels()


def _plain(values: Any) -> NDArray[Any]:
    """Return an array (N,) or (N, K), a column of one being no rows."""
    if isinstance(values, Tensor):
        values = values.detach().cpu().numpy()
    plain = isinstance(values, np.ndarray) and values.dtype.kind != "O"
    try:
        array = values if plain else _array(list(values))
    except ValueError:  # lists of several lengths
        raise _OddError("holds lists, not one class for every row: choose another --label-column") from None
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim not in (1, 2):
        raise _OddError(f"labels of shape {array.shape} are neither one class a row nor rows of zeros and ones")
    return array


def _array(values: Sequence[Any]) -> NDArray[Any]:
    """Return a list as an array: of numbers, None being NaN; of rows; or of what it holds."""
    if all(value is None or (isinstance(value, int | float) and not isinstance(value, bool)) for value in values):
        some = any(value is None for value in values)
        return np.array([math.nan if value is None else value for value in values]) if some else np.array(values)
    if any(isinstance(value, list | tuple) for value in values):
        return np.asarray(values)
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _of_rows(column: str, rows: NDArray[Any], bins: int | None) -> Labels:
    """Return the classes of one-hot rows, or the attributes of rows with any number of ones."""
    refuse_bins(bins, f"{column} holds rows of zeros and ones")
    if rows.dtype.kind not in "biuf" or not np.isin(rows, (0, 1)).all():
        raise _OddError(
            f"rows of {rows.shape[1]} values are neither one-hot nor zeros and ones: give one class for each sample, "
            "(N,), or --attribute-columns"
        )
    counts = rows.sum(axis=1)
    if (counts == 1).all():
        return Labels(torch.from_numpy(rows.argmax(axis=1)), [str(i) for i in range(rows.shape[1])])
    bare = column.rpartition(" ")[2].strip("'")
    titles = [f"{bare}{i}" for i in range(rows.shape[1])]
    told = f"{column}: rows with {int(counts.min())} to {int(counts.max())} labels each are {len(titles)} attributes"
    return Labels(attributes=torch.from_numpy(rows.astype(np.float32)), titles=titles, notes=[told])


def _of_values(column: str, array: NDArray[Any], names: Sequence[str] | None, bins: int | None) -> Labels:
    if array.dtype.kind == "f" and (bins or not _whole(array)):
        return _binned(column, array, bins)
    if array.dtype.kind in "iu" and bins:
        return _binned(column, array.astype(np.float64), bins)
    refuse_bins(bins, f"{column} holds words")
    if array.dtype.kind in "Mm":
        raise _OddError(f"holds times ({array.dtype}): give classes, or numbers and --label-bins")
    found = [_class(value) for value in array.tolist()]
    present = {type(value) for value in found if value is not None}
    if not present <= {bool} and not present <= {int} and not present <= {str}:
        raise _OddError("does not hold one class for every row: choose another --label-column")
    kinds = {value for value in found if value is not None}
    if present == {int} and MISSING in kinds and (kinds != {-1, 1} or names is not None):
        found = [None if value == MISSING else value for value in found]
        kinds.discard(MISSING)
    classes: list[Any] = sorted(kinds) if names is None else list(range(len(names)))
    number = {value: i for i, value in enumerate(classes)}
    try:
        numbers = torch.tensor([MISSING if v is None else number[v] for v in found], dtype=torch.int64)
    except KeyError as error:
        raise _OddError(f"does not hold one class for every row, but {error}: choose another --label-column") from None
    titles = [*map(_word, names)] if names is not None else [_word(value) for value in classes]
    return _counted(column, numbers, titles)


def _binned(column: str, array: NDArray[Any], bins: int | None) -> Labels:
    """Return classes of equal width, named by their ends."""
    values = array[np.isfinite(array)]
    low, high = (float(end) for end in (values.min(), values.max())) if len(values) else (math.nan, math.nan)
    if bins is None:
        raise _OddError(
            f"holds measurements, {len(np.unique(array[~np.isnan(array)])):,} different numbers from {low:g} to "
            f"{high:g}, and no classes: --label-bins 10 makes ten of them"
        )
    if not low < high:
        raise _OddError(f"holds no two different numbers, which --label-bins {bins} needs: leave it out")
    edges = np.linspace(low, high, bins + 1)
    numbers = np.where(np.isfinite(array), np.clip(np.searchsorted(edges, array, "right") - 1, 0, bins - 1), MISSING)
    names = [f"{start}..{end}" for start, end in itertools.pairwise(_apart(edges))]
    return _counted(column, torch.from_numpy(numbers.astype(np.int64)), names)


def _apart(edges: NDArray[np.float64]) -> list[str]:
    """Return numbers in as few digits as tell them apart, four at least."""
    written = ([f"{edge:.{digits}g}" for edge in edges] for digits in range(4, 18))
    return next((words for words in written if len({*words}) == len(edges)), [repr(float(edge)) for edge in edges])


def _counted(column: str, numbers: Tensor, names: list[str]) -> Labels:
    missing = int((numbers == MISSING).sum())
    if missing == len(numbers):
        return Labels(notes=[f"{column}: no sample has a label"] if len(numbers) else [])
    notes = [f"{column}: {missing:,} of {len(numbers):,} samples have no label"] if missing else []
    if len(names) > max(2, len(numbers) // 2) and len(numbers) >= MANY:
        notes.append(f"{column}: {len(names):,} classes for {len(numbers):,} samples; --label-bins 10 makes ten")
    return Labels(numbers, names, notes=notes)


MANY = 50  # samples from which on a class for nearly each of them is odd


def _whole(array: NDArray[Any]) -> bool:
    """Tell whether all numbers are whole, apart from NaN, which is no label."""
    values = array[~np.isnan(array)]
    return bool(np.isfinite(values).all() and (values == np.round(values)).all())


def _class(value: Any) -> Any:
    """Return a class as it is compared, words in one spelling, or None where there is no label."""
    if isinstance(value, float):
        return None if math.isnan(value) else int(value)
    return _word(value) or None if isinstance(value, str | bytes) else value


def refuse_bins(bins: int | None, found: str) -> None:
    """Refuse to put into bins what is not measured."""
    if bins:
        raise GansmithError(f"--label-bins {bins}: {found}, and bins are of measured numbers: leave it out")


def _word(value: Any) -> str:
    return plain(_decoded(value) if isinstance(value, bytes) else str(value))


def _decoded(word: bytes) -> str:
    """Return the word that bytes spell; other bytes never become the same word."""
    try:
        return word.decode()
    except UnicodeDecodeError:
        return word.decode("latin-1")
