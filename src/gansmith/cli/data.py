"""`gansmith data`."""

from __future__ import annotations

from dataclasses import dataclass

from tyro.conf import Positional

from gansmith.cli.arguments import parse


@dataclass(frozen=True)
class Data:
    """List the built-in data sets, or open one (or a folder, file or hub set) and describe it."""

    name: Positional[str | None] = None
    """Built-in set, folder, file or hub:OWNER/NAME."""
    image_column: str | None = None
    """Column (parquet, hub) or array (.npz) that holds the images; found by itself when there is only one."""
    label_column: str | None = None
    """Column or array that holds the labels; found by itself when it is called label, labels or y."""
    split: str = "train"
    """Split of a hub data set."""


def main(arguments: list[str]) -> None:
    """Print the list, or one description."""
    wanted = parse(Data, "data", arguments)
    from gansmith.config import Source
    from gansmith.data import BUILT_IN, open_dataset

    if wanted.name is None:
        for name, description in BUILT_IN.items():
            print(f"{name:12} {description}")
        print("also: an image folder, a .parquet, .npy or .npz file, or hub:OWNER/NAME")
        return
    dataset = open_dataset(Source(wanted.name, wanted.image_column, wanted.label_column, wanted.split))
    labels = f"; labels: {', '.join(dataset.label_names)}" if dataset.label_names else "; no labels"
    print(dataset.description + labels)
