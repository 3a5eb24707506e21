"""Images that are not decoded yet, by row."""

from __future__ import annotations

import dataclasses
import itertools
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from gansmith.data.images import Resident, describe
from gansmith.data.pictures import UNREADABLE, Pixels, header, open_image, to_pixels
from gansmith.data.rendering import Look, Rendering
from gansmith.errors import GansmithError

LOOKED, SIZED = 64, 256  # pictures that are decoded for a look, and whose size is looked up


@dataclass
class Table:
    """Undecoded images by row, with their labels.

    Args:
        cells: encoded bytes, paths, Hugging Face's {"bytes", "path"}, or images, by row.
        labels: int64 by row, or None.
        attributes: floats in [0, 1] by row, or None.
        found: whether they were found by themselves.
        notes: what was decided, left out or passed over, a line each.
    """

    cells: Sequence[Any]
    labels: Tensor | None
    label_names: list[str]
    name: str
    attributes: Tensor | None = None
    attribute_names: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    found: bool = False
    notes: list[str] = field(default_factory=list)

    def read(self, row: int) -> Image.Image | None:
        """Return the image in a row, or None if it cannot be read."""
        try:
            return open_image(self.cells[row])
        except UNREADABLE:
            return None

    def look(self) -> Look:
        """Return what some images are, spread evenly: the sizes of 256, and whether all of 64 are gray."""
        rows = range(len(self.cells))
        seen = [*self._readable(spread(rows, LOOKED))] or [*itertools.islice(self._readable(rows), 1)]
        if not seen:
            raise GansmithError(
                f"none of the {len(rows)} images of {self.name} can be read: are they whole PNG, JPEG, WebP … files?"
            )
        sizes = tuple(filter(None, map(self._size, spread(rows, SIZED)))) or (seen[0].size,)
        return Look(sizes, all(image.mode == "L" for image in seen))

    def _readable(self, rows: Iterable[int]) -> Iterator[Image.Image]:
        return (image for image in map(self.read, rows) if image is not None)

    def _size(self, row: int) -> tuple[int, int] | None:
        """Return width and height of the image in a row, None if it cannot be read."""
        try:
            return header(self.cells[row])
        except UNREADABLE:
            return None

    def decode(self, how: Rendering) -> Resident:
        """Decode every image into memory; unreadable ones are left out and counted, one in colour makes all colour."""
        kept: list[int] = []
        decoded: list[Pixels] = []
        for row in range(len(self.cells)):
            image = self.read(row)
            if image is None:
                continue
            if how.gray and image.mode != "L":
                return self.decode(dataclasses.replace(how, gray=False))
            decoded.append(to_pixels(image, how.size, how.gray, how.fit))
            kept.append(row)
        skipped = len(self.cells) - len(kept)
        if skipped:
            first = next(row for row, k in enumerate([*kept, -1]) if row != k)
            warnings.warn(
                f"skipped {skipped} of {len(self.cells)} images of {self.name}: unreadable, first {self.place(first)}",
                stacklevel=2,
            )
        pixels, rows = torch.from_numpy(np.stack(decoded)), torch.tensor(kept)
        labels, attributes = (None if part is None else part[rows] for part in (self.labels, self.attributes))
        told = describe(self.name, pixels.shape)
        known = attributes, self.attribute_names, self.columns
        return Resident(pixels, labels, self.label_names, told, *known, found=self.found, notes=self.notes)

    def place(self, row: int) -> str:
        """Say where the image of a row comes from."""
        cell = self.cells[row]
        return Path(cell).name if isinstance(cell, str) else f"row {row}"


def spread(rows: range, count: int) -> Sequence[int]:
    """Return `count` rows, evenly spread, or all there are."""
    return [i * len(rows) // count for i in range(count)] if len(rows) > count else rows
