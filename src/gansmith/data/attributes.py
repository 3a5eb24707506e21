"""What is known of every sample beside its class: attributes in [0, 1], from columns of booleans or numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gansmith.data.source import Source
from gansmith.errors import GansmithError, unknown

MOST = 40  # characters of a value in a line


def asked(source: Source) -> list[str]:
    """Return the names that `--attribute-columns` gives, in its order."""
    return [name.strip() for name in (source.attribute_columns or "").split(",") if name.strip()]


def as_attributes(
    names: Sequence[str], kind: str, columns: Mapping[str, Any], place: Callable[[int], str] = "row {}".format
) -> tuple[Tensor | None, list[str]]:
    """Return the attributes of these names, float32 (N, A) in [0, 1], and the names; None if there are none.

    Args:
        names: of the columns.
        kind: column or array, for the error.
        columns: the values by name: booleans, −1 or 1, which become 0 and 1, or numbers in [0, 1].
        place: says where a row stands, for the error.

    Raises:
        GansmithError: if there is no such column, or it holds something else.
    """
    for name in names:
        if name not in columns:
            raise unknown(kind, name, columns)
    parts = [torch.from_numpy(_in_range(f"{kind} '{name}'", columns[name], place)) for name in names]
    return (torch.stack(parts, dim=1) if parts else None), list(names)


def two_valued(values: NDArray[Any]) -> bool:
    """Tell whether whole numbers are a yes or no of every row: all of them 0 or 1, or all of them −1 or 1.

    >>> two_valued(np.array([-1, 1, 1])), two_valued(np.array([-1, 0, 1])), two_valued(np.array([3, 4]))
    (True, False, False)
    """
    seen = {*np.unique(values).tolist()}
    return bool(seen) and (seen <= {0, 1} or seen <= {-1, 1})


def _in_range(called: str, values: Any, place: Callable[[int], str]) -> NDArray[np.float32]:
    """Return one number in [0, 1] a row."""
    try:
        cells = np.asarray(values)
    except ValueError as error:  # lists of several lengths
        raise GansmithError(f"{called} holds lists: {_wanted()}") from error
    if cells.ndim != 1 or not len(cells):
        raise GansmithError(f"{called} holds {'lists' if cells.ndim > 1 else 'nothing'}: {_wanted()}")
    if cells.dtype.kind not in "biuf":
        _refuse(called, cells, np.array([not isinstance(cell, Real) for cell in cells]), place)
    with np.errstate(over="ignore"):
        numbers = cells.astype(np.float32)
    outside = ~((numbers >= 0) & (numbers <= 1))
    if not outside.any():
        return numbers
    _refuse(called, cells, outside & (numbers != -1), place)
    _refuse(called, cells, np.abs(numbers) != 1, place)
    return (numbers > 0).astype(np.float32)


def _refuse(called: str, cells: NDArray[Any], odd: NDArray[np.bool_], place: Callable[[int], str]) -> None:
    """Name the first cell that cannot be, if there is one."""
    if odd.any():
        row = int(odd.argmax())
        cell = cells[row].item() if isinstance(cells[row], np.generic) else cells[row]
        raise GansmithError(f"{called} holds {repr(cell)[:MOST]} in {place(row)}: {_wanted()}")


def _wanted() -> str:
    return (
        "attributes are true or false, 0 or 1, -1 or 1, or one number in [0, 1] a row: write those, "
        "or choose others with --attribute-columns"
    )
