"""Which column (or array) holds the images, and which the labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from gansmith.data.source import Source
from gansmith.errors import GansmithError, unknown

LABEL_NAMES = ("label", "labels", "y", "class", "fine_label")
IMAGE_NAMES = ("image", "images", "img", "x", "pixels", "data", "arr_0")


def choose(kind: str, wanted: str | None, candidates: list[str], usual: Sequence[str], present: Iterable[str]) -> str:
    """Return the wanted name, the only candidate, or the one with the most usual name; or ask which.

    >>> choose("column", None, ["photo", "image"], IMAGE_NAMES, ["photo", "image", "label"])
    'image'
    """
    present = list(present)
    if wanted is not None:
        if wanted not in present:
            raise unknown(kind, wanted, present)
        return wanted
    named = [name for name in usual if name in candidates]
    if named or len(candidates) == 1:
        return (named or candidates)[0]
    if not candidates:
        raise GansmithError(
            f"no {kind} holds images, encoded as PNG, JPEG, …, one a row: there are {', '.join(present)}; numbers go "
            "into a .npy or .npz"
        )
    raise GansmithError(f"which {kind} holds the images? Use --image-column with one of: {', '.join(present)}")


def plain_labels(labels: Any) -> list[Any] | None:
    """Return the labels that a tensor, an array or a sequence holds, as plain numbers, words or rows of them."""
    if labels is None:
        return None
    if getattr(getattr(labels, "dtype", None), "kind", None) in ("M", "m"):
        raise GansmithError(f"labels: they are times ({labels.dtype}): give classes, or numbers and --label-bins")
    if hasattr(labels, "tolist"):  # of a tensor or an array
        labels = labels.tolist()
    if isinstance(labels, str | bytes) or not isinstance(labels, Iterable):
        raise GansmithError(f"labels = {labels!r}: give one for each sample, as a tensor, an array or a list")
    return [label.tolist() if hasattr(label, "tolist") else label for label in labels]


def no_columns(source: Source, why: str) -> None:
    """Refuse the choice of a column where there are none, rather than pass over it in silence."""
    columns = {"--image-column": source.image_column, "--label-column": source.label_column}
    columns["--attribute-columns"] = source.attribute_columns
    for flag, column in columns.items():
        if column is not None:
            raise GansmithError(f"{flag} {column}: {why}")


def first_line(error: Exception) -> str:
    """Return the first line of what an error says, or its kind where it says nothing."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
