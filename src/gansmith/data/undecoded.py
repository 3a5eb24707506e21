"""Images that are not decoded yet, by row."""

from __future__ import annotations

import dataclasses
import itertools
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from gansmith.data.images import Resident, describe
from gansmith.data.names import plain
from gansmith.data.pictures import SHADES, UNREADABLE, Header, header, open_image, to_pixels
from gansmith.data.rendering import Look, Rendering
from gansmith.data.shades import Extremes, Shades
from gansmith.errors import GansmithError

LOOKED, SIZED = 64, 256  # pictures that are decoded for a look, and whose size is looked up
SURE = 512  # that are decoded where black and white depend on the least and the largest number


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

    def read(self, row: int, shades: Shades = SHADES, extremes: Extremes | None = None) -> Image.Image | None:
        """Return the image in a row, or None if it cannot be read."""
        try:
            return open_image(self.cells[row], shades, extremes)
        except UNREADABLE:
            return None

    def look(self, background: str = "white") -> Look:
        """Return what some images are, spread evenly: the sizes of 256, and colours and numbers of 64."""
        rows, shades = range(len(self.cells)), Shades(background=background)
        extremes = None if getattr(self.cells, "span", None) else Extremes()  # an array has looked at its own
        found = (self.read(row, shades, extremes) for row in rows)
        seen = [image for row in spread(rows, LOOKED) if (image := self.read(row, shades, extremes)) is not None]
        seen = seen or [*itertools.islice(filter(None, found), 1)]
        if not seen:
            raise GansmithError(
                f"none of the {len(rows)} images of {self.name} can be read: are they whole PNG, JPEG, WebP … files?"
            )
        modes = {image.mode for image in seen}
        heads = [*filter(None, map(self._head, spread(rows, SIZED)))] or [header(seen[0])]
        return Look(
            tuple(head.size for head in heads),
            next(mode for mode in ("RGBA", "RGB", "L") if mode in modes),
            extremes or Extremes(),
            sum(head.transparent for head in heads),
            sum(head.several for head in heads),
            sum(head.deep for head in heads),
        )

    def add_extremes(self, extremes: Extremes) -> list[str]:
        """Look at the numbers of more pictures of a set that streams, and say if those are not all."""
        rows = range(len(self.cells))
        for row in spread(rows, SURE):
            self.read(row, extremes=extremes)
        of = f"{SURE:,} of {len(rows):,} pictures decide which numbers are black and white, and others' are clipped"
        return [f"{of}: --values says it for sure"] if len(rows) > SURE else []

    def _head(self, row: int) -> Header | None:
        try:
            return header(self.cells[row])
        except UNREADABLE:
            return None

    def decode(self, how: Rendering, extremes: Extremes | None = None) -> Resident:
        """Decode every image into memory; unreadable ones are left out and counted, one in colour makes all colour.

        Args:
            how: they are rendered.
            extremes: notes the numbers that are seen.
        """
        kept: list[int] = []
        pixels = np.empty((len(self.cells), how.channels, how.size, how.size), dtype=np.uint8)
        for row in range(len(self.cells)):
            image = self.read(row, how.shades, extremes)
            if image is None:
                continue
            if len(image.mode) > len(how.mode):
                del pixels
                return self.decode(dataclasses.replace(how, mode=image.mode), extremes)
            pixels[len(kept)] = to_pixels(image, how)
            kept.append(row)
        skipped = len(self.cells) - len(kept)
        if skipped:
            first = next(row for row, k in enumerate([*kept, -1]) if row != k)
            warnings.warn(
                f"skipped {skipped} of {len(self.cells)} images of {self.name}: unreadable, first {self.place(first)}",
                stacklevel=2,
            )
        samples, rows = torch.from_numpy(pixels[: len(kept)]), torch.tensor(kept)
        labels, attributes = (None if part is None else part[rows] for part in (self.labels, self.attributes))
        told = describe(self.name, samples.shape)
        known = attributes, self.attribute_names, self.columns
        found, notes = self.found, self.notes
        return Resident(samples, labels, self.label_names, told, *known, found=found, notes=notes, unreadable=skipped)

    def place(self, row: int) -> str:
        """Say where the image of a row comes from."""
        cell = self.cells[row]
        return plain(Path(cell).name) if isinstance(cell, str) else f"row {row}"


def spread(rows: range, count: int) -> Sequence[int]:
    """Return `count` rows, evenly spread, or all there are."""
    return [i * len(rows) // count for i in range(count)] if len(rows) > count else rows
