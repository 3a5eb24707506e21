"""`gansmith data`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from gansmith.cli.arguments import POSITIONAL, parse


@dataclass(frozen=True)
class Data:
    """List the built-in data sets, or open one (or a folder, file or hub set) and describe it."""

    name: Annotated[str | None, POSITIONAL] = None
    """Built-in set, folder, file or hub:OWNER/NAME."""
    image_column: str | None = None
    """Column (parquet, hub) or array (.npz) that holds the images; found by itself when there is only one."""
    label_column: str | None = None
    """Column or array that holds the labels; found by itself when it is called label, labels or y."""
    attribute_columns: str | None = None
    """Columns or arrays that hold attributes in [0, 1], or −1 and 1, with commas between: Young,Smiling; by default
    all columns of booleans where no column holds labels, or all that a folder's list_attr_celeba.txt tells."""
    split: str | None = None
    """Split of a hub data set, by default train; or a folder or the arrays of a split: train, images/train, all."""


def main(arguments: list[str]) -> None:
    """Print the list, or one description."""
    wanted = parse(Data, "data", arguments)
    from gansmith.data import BUILT_IN, Source, open_dataset

    if wanted.name is None:
        for name, description in BUILT_IN.items():
            print(f"{name:12} {description}")
        print("also: an image folder, a .parquet, .npy or .npz file, or hub:OWNER/NAME")
        return
    columns = wanted.image_column, wanted.label_column, wanted.attribute_columns
    dataset = open_dataset(Source(wanted.name, *columns, wanted.split))
    told = [dataset.description, _list("labels", dataset.label_names) or "no labels"]
    print("; ".join([*told, *filter(None, [_list("attributes", dataset.attribute_names)])]))


def _list(what: str, names: list[str], most: int = 20) -> str:
    """Return the names, the first of them if there are many."""
    more = f", … {len(names):,} in all" if len(names) > most else ""
    return f"{what}: {', '.join(names[:most])}{more}" if names else ""
