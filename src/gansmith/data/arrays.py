"""Arrays, .npy and .npz: vectors or images."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from gansmith.data.attributes import as_attributes, asked
from gansmith.data.columns import IMAGE_NAMES, LABEL_NAMES, as_labels, choose, first_line
from gansmith.data.images import Resident
from gansmith.data.shapes import shaped
from gansmith.data.source import Source
from gansmith.data.undecoded import Table
from gansmith.errors import GansmithError

Array = NDArray[Any]


def array(path: Path, source: Source) -> Resident | Table:
    """Read vectors, which are kept in memory, or a table of images."""
    arrays = _load(path)
    signed = "range" in arrays and arrays["range"].tolist() == [-1, 1]  # as samples of ours say
    arrays = {name: values for name, values in arrays.items() if name != "range" or not signed}
    labels: Tensor | None = None
    names: list[str] = []
    attributes, titles = as_attributes(asked(source), "array", arrays)
    others = [name for name in arrays if name not in (*LABEL_NAMES, *titles)]
    samples = arrays[choose("array", source.image_column, others, IMAGE_NAMES, arrays)]
    known = [name for name in LABEL_NAMES if name in arrays]
    if source.label_column or known:
        label_column = choose("array", source.label_column, known, known, arrays)
        values = np.atleast_1d(arrays[label_column]).tolist()
        labels, names = as_labels(label_column, values, None, bool(source.label_column))
    called = f"--data {path}"
    samples = shaped(samples, source, called)
    made = _made(samples, labels, names, called, path.name, attributes, titles, [*arrays])
    if signed and isinstance(made, Table) and isinstance(made.cells, Pictures):
        made.cells.signed = True
    return made


def samples_of(samples: Array, labels: list[Any] | None, called: str, source: Source) -> Resident | Table:
    """Return an array of samples, with their labels if there are any."""
    samples = shaped(samples, source, called)
    found, names = (None, []) if labels is None else as_labels("labels", labels, None, True)
    return _made(samples, found, names, called, called, None, [], [])


def _made(
    samples: Array,
    labels: Tensor | None,
    names: list[str],
    called: str,
    title: str,
    attributes: Tensor | None,
    titles: list[str],
    columns: list[str],
) -> Resident | Table:
    for what, rows in (("labels", labels), ("attributes", attributes)):
        if rows is not None and len(rows) != len(samples):
            raise GansmithError(f"{called}: {len(samples)} samples but {len(rows)} {what}")
    if samples.ndim > 2:
        return Table(Pictures(called, samples), labels, names, title, attributes, titles, columns)
    about = f"{title}: {len(samples):,} vectors of {samples.shape[1]} numbers"
    return Resident(_vectors(called, samples), labels, names, about, attributes, titles, columns)


def _load(path: Path) -> dict[str, Array]:
    """Return the arrays of a file by name; one alone in a .npy has none, and stays on disk until it is read."""
    try:
        loaded = np.load(path, allow_pickle=False, mmap_mode="r")
        return {"arr_0": loaded} if isinstance(loaded, np.ndarray) else dict(loaded)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        reason = "it holds Python objects, or is no array" if "pickle" in str(error) else first_line(error)
        raise GansmithError(f"--data {path}: not a readable array file ({reason})") from error


def _vectors(called: str, samples: Array) -> Tensor:
    vectors = torch.from_numpy(samples.astype(np.float32))
    if not vectors.isfinite().all():
        raise GansmithError(f"{called}: some values are NaN or infinite")
    return vectors


class Pictures(Sequence[Any]):
    """Rows of an array as images, made one at a time.

    Takes (N, H, W) or (N, H, W, C), as bytes or as floats in [0, 1] or [−1, 1]: the latter if any is
    below 0, or if the file says so.
    """

    def __init__(self, called: str, samples: Array) -> None:
        low, high = float(samples.min()), float(samples.max())
        if samples.dtype != np.uint8 and not (low >= -1 and high <= 1):
            raise GansmithError(
                f"{called}: values run from {low:g} to {high:g}; images are uint8, or floats in [0, 1] or [-1, 1]"
            )
        self.samples = samples[..., 0] if samples.shape[3:] == (1,) else samples
        self.signed = low < 0

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, row: Any) -> Any:
        picture = self.samples[row]
        if picture.dtype != np.uint8:
            picture = np.asarray(picture, dtype=np.float64)
            picture = np.round((picture + 1) * 127.5 if self.signed else picture * 255).astype(np.uint8)
        return Image.fromarray(np.ascontiguousarray(picture))
