"""Parquet files and Hugging Face data sets as tables of images."""

from __future__ import annotations

import hashlib
import logging
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from gansmith.data.attributes import as_attributes, asked, two_valued
from gansmith.data.columns import IMAGE_NAMES, LABEL_NAMES, choose, first_line
from gansmith.data.labels import NONE, Labels, read_labels, refuse_bins
from gansmith.data.source import Source
from gansmith.data.undecoded import Table
from gansmith.errors import GansmithError
from gansmith.settings.values import expanded

if TYPE_CHECKING:
    import datasets

PIECE, HASHED = 2**20, 2**28  # bytes that are hashed at a time, and of a file that is hashed as a whole


def parquet(path: Path, source: Source) -> Table:
    """Read a parquet file with a column of encoded images."""
    import datasets

    try:
        with _quiet():
            cache = Path(datasets.config.HF_DATASETS_CACHE) / "gansmith" / content_of(path)
            rows = datasets.Dataset.from_parquet(str(path), cache_dir=str(cache))
    except Exception as error:  # pyarrow and datasets raise many kinds for a broken file
        raise GansmithError(f"--data {path}: not a readable parquet file ({_reason(error)})") from error
    return table_of(rows, source, f"{path.absolute().parent.name}/{path.name}", path.absolute().parent)


def hub(source: Source) -> Table:
    """Load a data set of the Hugging Face hub, or a local folder of the same form: hub:NAME or hub:NAME#CONFIG."""
    import datasets

    name, _, configuration = source.data.removeprefix("hub:").partition("#")
    name = str(expanded(name)) if name.startswith("~") else name
    try:
        with _quiet():
            rows = datasets.load_dataset(name, configuration or None, split=source.split or "train")
    except Exception as error:  # no network, no such set, no such split: datasets raises many kinds
        raise GansmithError(
            f"--data hub:{name}: cannot be loaded ({_reason(error)}); check the name, --split and the network"
        ) from error
    folder = Path(name) if Path(name).is_dir() else Path(datasets.config.HF_CACHE_HOME)
    return table_of(rows, source, name, folder.absolute())


def _reason(error: BaseException) -> str:
    """Return what was wrong at first, which an error of the libraries may only wrap."""
    return first_line(error.__cause__ if isinstance(error.__cause__, Exception) else error)  # type: ignore[arg-type]


def content_of(path: Path) -> str:
    """Return a hash of a file: of all of it, or of its size, its ends and many places in a large one.

    A parquet file's end tells the size and place of every column in it.
    """
    digest, size = hashlib.blake2b(digest_size=16), path.stat().st_size
    digest.update(f"{path.absolute()} {size}".encode(errors="replace"))
    with path.open("rb") as file:
        places = range(0, size, PIECE) if size <= HASHED else [*range(0, size, size // 64), size - PIECE]
        for place in places:
            file.seek(place)
            digest.update(file.read(PIECE))
    return digest.hexdigest()


def table_of(rows: datasets.Dataset, source: Source, name: str, folder: Path | None = None) -> Table:
    """Find the image and the label column of a Hugging Face data set, by name or by their kind.

    Args:
        rows: of it.
        source: says which columns.
        name: of the set.
        folder: that paths in cells may lead into; None where there is none, as a program gave the rows.

    Raises:
        GansmithError: if columns cannot be found, or cells lead elsewhere.
    """
    import datasets

    features = rows.features
    pictures = [c for c, f in features.items() if isinstance(f, datasets.Image) or _holds_bytes(f)]
    image_column = choose("column", source.image_column, pictures, IMAGE_NAMES, features)
    if image_column not in pictures:
        raise GansmithError(f"column '{image_column}' holds no images but {features[image_column]}: use --image-column")
    if isinstance(features[image_column], datasets.Image):
        rows = rows.cast_column(image_column, datasets.Image(decode=False))
    labels = Labels()
    usual = {*LABEL_NAMES}.difference(pictures)
    classes = [c for c, f in features.items() if isinstance(f, datasets.ClassLabel) or c in usual]
    if source.label_column or classes:
        label_column = choose("column", source.label_column, classes, [*LABEL_NAMES, *classes], features)
        feature = features[label_column]
        known = list(feature.names) if isinstance(feature, datasets.ClassLabel) else None
        called, told = f"column '{label_column}'", list(rows[label_column])
        labels = read_labels(called, told, known, bool(source.label_column), source.label_bins)
    else:
        refuse_bins(source.label_bins, NONE)
    found = source.attribute_columns is None and not (source.label_column or classes) and len(rows) > 0
    wanted = _by_themselves(rows) if found else asked(source)
    values = _values(rows, [c for c in features if c in wanted])
    attributes, titles = as_attributes(wanted, "column", {c: values.get(c, ()) for c in features})
    if attributes is None and labels.attributes is not None:
        attributes, titles = labels.attributes, labels.titles
    cells = _Cells(rows.with_format("arrow")[image_column])
    cells.confine(folder, f"{name}: column '{image_column}'")
    own = found and bool(titles)
    return Table(cells, labels.numbers, labels.names, name, attributes, titles, [*features], own, labels.notes)


def _by_themselves(rows: datasets.Dataset) -> list[str]:
    """Return the columns that are attributes unless others are chosen: booleans, or else numbers that say yes or no."""
    kinds = {c: str(getattr(f, "dtype", "")) for c, f in rows.features.items()}
    booleans = _values(rows, [c for c, kind in kinds.items() if kind == "bool"])
    for column, values in booleans.items():
        if values.dtype != bool:
            warnings.warn(f"column '{column}' is empty in some rows: going on without this attribute", stacklevel=2)
    if booleans:
        return [c for c, values in booleans.items() if values.dtype == bool]
    whole = _values(rows, [c for c, kind in kinds.items() if kind.startswith(("int", "uint"))])
    return [c for c, values in whole.items() if two_valued(values)]


def _values(rows: datasets.Dataset, columns: list[str]) -> dict[str, NDArray[Any]]:
    """Return what some columns hold, by name."""
    if not columns:
        return {}
    table = rows.select_columns(columns).with_format("arrow")[:]
    return {column: table[column].to_numpy() for column in columns}


class _Cells(Sequence[Any]):
    """Rows of an Arrow column, read from its memory map one at a time."""

    def __init__(self, column: Any) -> None:
        self.column = column
        self.folder = Path()

    def confine(self, folder: Path | None, called: str) -> None:
        """Refuse paths that lead out of a folder; those of cells that hold their bytes are only names."""
        self.folder = folder or Path()
        for chunk in getattr(self.column, "chunks", [self.column]):
            if not _is_struct(chunk) or not chunk.field("bytes").null_count:
                continue
            for path, absent in zip(chunk.field("path").to_pylist(), chunk.field("bytes").is_null(), strict=True):
                if not absent.as_py() or not path:
                    continue
                if folder is None:
                    raise GansmithError(
                        f"{called} names {path[:80]} and holds no bytes: whoever wrote the rows chose that file; give "
                        "the pictures, data=[row['image'] for row in rows], or their folder by name, data='FOLDER'"
                    )
                if not (folder / path).resolve().is_relative_to(folder.resolve()):
                    raise GansmithError(
                        f"{called} names {path[:80]}, which is not in {folder}: pictures are read from the data's own "
                        "folder alone"
                    )

    def __len__(self) -> int:
        return len(self.column)

    def __getitem__(self, row: Any) -> Any:
        cell = self.column[row].as_py()
        if isinstance(cell, dict) and cell.get("bytes") is None and cell.get("path"):
            cell["path"] = str(self.folder / cell["path"])
        return cell


def _is_struct(chunk: Any) -> bool:
    import pyarrow

    kind = chunk.type
    return (
        bool(pyarrow.types.is_struct(kind)) and kind.get_field_index("path") >= 0 and kind.get_field_index("bytes") >= 0
    )


def _holds_bytes(feature: Any) -> bool:
    return getattr(feature, "dtype", "") in ("binary", "large_binary") or (
        isinstance(feature, dict) and "bytes" in feature
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries from logging what we say ourselves in one line, and from drawing bars where nobody looks."""
    import datasets

    loggers = [logging.getLogger(name) for name in ("datasets", "huggingface_hub")]
    levels = [logger.level for logger in loggers]
    hide_bars = not (sys.stderr.isatty() or datasets.are_progress_bars_disabled())
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    if hide_bars:
        datasets.disable_progress_bars()
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
        if hide_bars:
            datasets.enable_progress_bars()
