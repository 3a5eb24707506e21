"""What tells a data set from what it was: where it lies, how many samples there are, and a hash of them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch import Tensor

from gansmith.data.arrays import Pictures
from gansmith.data.dataset import Dataset
from gansmith.data.images import Resident, Streaming
from gansmith.data.stacked import Stacked
from gansmith.data.undecoded import Table, spread
from gansmith.errors import GansmithError
from gansmith.settings.foreign import is_foreign
from gansmith.settings.values import expanded

WHOLE = 2**28  # bytes of samples up to which all of them are hashed
ROWS, FILES = 4096, 64  # samples, or files, of larger sets


def located(data: str) -> str | None:
    """Return data with the path of their folder or file in full; None if they are none.

    >>> located("ring") is None, located("hub:ylecun/mnist") is None
    (True, True)
    """
    for prefix in ("stacked:", "hub:"):
        if data.startswith(prefix):
            inner = located(data.removeprefix(prefix))
            return inner and prefix + inner
    if is_foreign(data) or not data:
        return None
    path = expanded(data)
    return str(path.absolute()) if path.exists() else None


def check_apart(path: Path, data: str, flag: str) -> None:
    """Refuse to write into a folder of data, whose part it would become.

    Args:
        path: to be written.
        data: their name.
        flag: that says the path, for the error.
    """
    place = (located(data) or "").removeprefix("stacked:").removeprefix("hub:")
    if place and Path(place).is_dir() and path.resolve().is_relative_to(Path(place).resolve()):
        raise GansmithError(f"{flag} {path}: lies in --data {data}, and would become part of it: choose another {flag}")


def fingerprint(dataset: Dataset) -> dict[str, Any]:
    """Return count and hash of real samples as they are trained on, and of how many; nothing of data without end.

    Resident samples are hashed decoded, all of them or 4,096 of large sets; of streamed ones the names and sizes of all
    files and the content of 64, or 4,096 pictures of an array.
    """
    if isinstance(dataset, Stacked):
        return fingerprint(dataset.base)
    digest = hashlib.blake2b(digest_size=16)
    if isinstance(dataset, Resident):
        small = dataset.samples.nbytes <= WHOLE
        rows = range(len(dataset.samples)) if small else spread(range(len(dataset.samples)), ROWS)
        _add(digest, dataset.samples if small else dataset.samples[torch.tensor(rows)])
        kind, labels, attributes = "decoded", dataset.labels, dataset.attributes
    elif isinstance(dataset, Streaming):
        rows = _add_cells(digest, dataset.table)
        kind, labels, attributes = "files", dataset.table.labels, dataset.table.attributes
    else:
        return {}
    digest.update(repr((dataset.label_names, dataset.attribute_names)).encode())
    for known in (labels, attributes):
        if known is not None:
            _add(digest, known)
    return {"count": dataset.count, "hash": digest.hexdigest(), "of": kind, "looked_at": len(rows)}


def changed(before: dict[str, Any], now: dict[str, Any]) -> bool:
    """Tell whether two fingerprints, taken in the same way, are of different samples."""
    if not before.get("hash") or before.get("of") != now.get("of"):
        return False
    return any(before.get(name) != now.get(name) for name in ("hash", "count"))


def _add(digest: Any, values: Tensor) -> None:
    digest.update(repr((values.dtype, tuple(values.shape))).encode())
    digest.update(values.contiguous().numpy())


def _add_cells(digest: Any, table: Table) -> Sequence[int]:
    """Hash names and sizes of all files, and the content of some cells; return which."""
    cells = table.cells
    for cell in cells if isinstance(cells, list) else ():
        if isinstance(cell, str):
            digest.update(f"{os.path.basename(cell)} {os.path.getsize(cell)}\n".encode(errors="replace"))  # noqa: PTH119, PTH202
    rows = spread(range(len(cells)), ROWS if isinstance(cells, Pictures) else FILES)  # of an array it takes no decoding
    for row in rows:
        cell = cells[row]
        cell = (cell.get("bytes") or cell.get("path")) if isinstance(cell, dict) else cell
        digest.update(_content(Path(cell).read_bytes() if isinstance(cell, str) else cell))
    return rows


def _content(cell: Any) -> bytes:
    """Return what a cell holds: the bytes of a file, or the pixels of an image."""
    if isinstance(cell, Image.Image):
        return repr((cell.mode, cell.size, cell.getpalette())).encode() + cell.tobytes()
    return cell if isinstance(cell, bytes) else repr(cell).encode()
