"""Data from outside: image folders, parquet files, arrays and Hugging Face data sets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from gansmith.config import Source
from gansmith.data.dataset import Dataset
from gansmith.data.images import Resident, Streaming, Table
from gansmith.data.pictures import to_pixels
from gansmith.errors import GansmithError, unknown

if TYPE_CHECKING:
    import datasets

LABEL_NAMES = ("label", "labels", "y", "class", "fine_label")
IMAGE_NAMES = ("image", "images", "img", "x", "pixels", "data", "arr_0")
PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".ppm", ".pgm"}

Fit = Callable[[int], int]


def open_outside(source: Source, fit: Fit) -> Dataset:
    """Open what `source.data` names; `fit` maps the images' own side to the one to train at."""
    if source.data.startswith("hub:"):
        return _from_table(_hub(source), source, fit)
    path = Path(source.data).expanduser()
    if path.is_dir():
        return _from_table(_folder(path), source, fit)
    if not path.is_file():
        raise GansmithError(f"--data {source.data}: no built-in set, file or folder of that name (see `gansmith data`)")
    if path.suffix == ".parquet":
        return _from_table(_parquet(path, source), source, fit)
    if path.suffix in (".npy", ".npz"):
        return _array(path, source, fit)
    raise GansmithError(f"--data {path}: a file must be .parquet, .npy or .npz; images go into a folder")


def _from_table(table: Table, source: Source, fit: Fit) -> Dataset:
    side, gray = table.look()
    size = source.image_size or fit(side)
    gibibytes = len(table.cells) * size * size * (1 if gray else 3) / 2**30
    if gibibytes > source.resident_limit:
        return Streaming(table, size, gray, source.workers)
    return table.decode(size, gray)


def _folder(path: Path) -> Table:
    """Read a folder of images; when all of them lie in subfolders, those are the classes."""
    files = sorted(p for p in path.rglob("*") if p.suffix.lower() in PICTURES and not p.name.startswith("."))
    if not files:
        raise GansmithError(f"--data {path}: no images in this folder ({', '.join(sorted(PICTURES))})")
    parents = [p.relative_to(path).parts[0] if p.parent != path else "" for p in files]
    names = sorted(set(parents))
    labelled = "" not in names and len(names) > 1
    labels = torch.tensor([names.index(parent) for parent in parents]) if labelled else None
    return Table([str(p) for p in files], labels, names if labelled else [], path.name)


def _parquet(path: Path, source: Source) -> Table:
    import datasets

    try:
        rows = datasets.Dataset.from_parquet(str(path))
    except Exception as error:  # pyarrow and datasets raise many kinds for a broken file
        raise GansmithError(f"--data {path}: not a readable parquet file ({_first_line(error)})") from error
    return _rows(rows, source, path.parent.name)


def _hub(source: Source) -> Table:
    import datasets

    name, _, configuration = source.data.removeprefix("hub:").partition("#")
    try:
        rows = datasets.load_dataset(name, configuration or None, split=source.split)
    except Exception as error:  # no network, no such set, no such split: datasets raises many kinds
        raise GansmithError(
            f"--data hub:{name}: cannot be loaded ({_first_line(error)}); check the name, --split and the network"
        ) from error
    return _rows(rows, source, name)


def _rows(rows: datasets.Dataset, source: Source, name: str) -> Table:
    """Find the image and the label column of a Hugging Face table, by name or by their kind."""
    import datasets

    features = rows.features
    pictures = [c for c, f in features.items() if isinstance(f, datasets.Image) or _holds_bytes(f)]
    image_column = source.image_column or _only("image", pictures, IMAGE_NAMES, features)
    classes = [c for c, f in features.items() if isinstance(f, datasets.ClassLabel) or c in LABEL_NAMES]
    label_column = source.label_column or (_prefer(classes, LABEL_NAMES) if classes else None)
    for column in (image_column, label_column):
        if column is not None and column not in features:
            raise unknown("column", column, features)
    if isinstance(features[image_column], datasets.Image):
        rows = rows.cast_column(image_column, datasets.Image(decode=False))
    elif image_column not in pictures:
        raise GansmithError(f"column '{image_column}' holds no images but {features[image_column]}: use --image-column")
    labels: Tensor | None = None
    names: list[str] = []
    if label_column:
        feature = features[label_column]
        named = feature.names if isinstance(feature, datasets.ClassLabel) else None
        labels, names = _as_labels(list(rows[label_column]), named)
    return Table(_Cells(rows.with_format("arrow")[image_column]), labels, names, name)


class _Cells(Sequence[Any]):
    """Rows of an Arrow column, read from its memory map one at a time."""

    def __init__(self, column: Any) -> None:
        self.column = column

    def __len__(self) -> int:
        return len(self.column)

    def __getitem__(self, row: Any) -> Any:
        return self.column[row].as_py()


def _array(path: Path, source: Source, fit: Fit) -> Resident:
    try:
        loaded = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise GansmithError(f"--data {path}: not a readable array file ({_first_line(error)})") from error
    labels: Tensor | None = None
    names: list[str] = []
    if isinstance(loaded, np.ndarray):
        samples = loaded
    else:
        arrays = dict(loaded)
        samples = _pick(arrays, source.image_column or _only("array", _not_labels(arrays), IMAGE_NAMES, arrays))
        known = [k for k in arrays if k in LABEL_NAMES]
        label_column = source.label_column or (known[0] if known else None)
        if label_column:
            labels, names = _as_labels(_pick(arrays, label_column).tolist(), None)
    if labels is not None and len(labels) != len(samples):
        raise GansmithError(f"--data {path}: {len(samples)} samples but {len(labels)} labels")
    if samples.ndim == 2 and samples.dtype != np.uint8:
        vectors = torch.from_numpy(samples.astype(np.float32))
        if not vectors.isfinite().all():
            raise GansmithError(f"--data {path}: some values are NaN or infinite")
        return Resident(vectors, labels, names, f"{path.name}: {len(samples):,} vectors of {samples.shape[1]} numbers")
    return _picture_array(path, samples, labels, names, source, fit)


def _picture_array(
    path: Path, samples: np.ndarray[Any, Any], labels: Tensor | None, names: list[str], source: Source, fit: Fit
) -> Resident:
    """Take (N, H, W), (N, H, W, C) or (N, C, H, W), as bytes or as floats in [0, 1] or [−1, 1]."""
    if samples.ndim == 3:
        samples = samples[..., None]
    elif samples.ndim == 4 and samples.shape[1] in (1, 3) and samples.shape[3] not in (1, 3):
        samples = samples.transpose(0, 2, 3, 1)
    if samples.ndim != 4 or samples.shape[3] not in (1, 3) or not len(samples):
        raise GansmithError(
            f"--data {path}: shape {samples.shape} is neither vectors (N, D) nor images (N, H, W), (N, H, W, C), "
            "(N, C, H, W) with 1 or 3 channels"
        )
    if samples.dtype != np.uint8:
        low, high = float(samples.min()), float(samples.max())
        if not (low >= -1 and high <= 1):
            raise GansmithError(
                f"--data {path}: values run from {low:g} to {high:g}; images are uint8, or floats in [0, 1] or [-1, 1]"
            )
        samples = np.round((samples + 1) * 127.5 if low < 0 else samples * 255).astype(np.uint8)
    gray = samples.shape[3] == 1
    size = source.image_size or fit(min(samples.shape[1:3]))
    pictures = (Image.fromarray(s[..., 0] if gray else s) for s in samples)
    pixels = torch.from_numpy(np.stack([to_pixels(picture, size, gray) for picture in pictures]))
    kind = "gray" if gray else "colour"
    return Resident(pixels, labels, names, f"{path.name}: {len(pixels):,} images, {size}x{size}, {kind}")


def _as_labels(values: list[Any], names: list[str] | None) -> tuple[Tensor, list[str]]:
    """Return class numbers and names; values that are no class numbers yet are numbered in sorted order."""
    if names is not None:
        return torch.tensor(values, dtype=torch.int64), list(names)
    classes = sorted(set(values))
    number = {value: i for i, value in enumerate(classes)}
    return torch.tensor([number[value] for value in values]), [str(c) for c in classes]


def _holds_bytes(feature: Any) -> bool:
    return getattr(feature, "dtype", "") in ("binary", "large_binary") or (
        isinstance(feature, dict) and "bytes" in feature
    )


def _not_labels(arrays: Iterable[str]) -> list[str]:
    return [name for name in arrays if name not in LABEL_NAMES]


def _pick(arrays: dict[str, Any], name: str) -> Any:
    if name not in arrays:
        raise unknown("array", name, arrays)
    return arrays[name]


def _prefer(names: list[str], order: Iterable[str]) -> str:
    return next((name for name in order if name in names), names[0])


def _only(kind: str, candidates: list[str], order: tuple[str, ...], present: Iterable[str]) -> str:
    """Return the one candidate, or the one with a usual name, or ask which."""
    usual = [name for name in order if name in candidates]
    if len(candidates) == 1 or usual:
        return (usual or candidates)[0]
    raise GansmithError(f"which column holds the {kind}s? Use --image-column with one of: {', '.join(present)}")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
