"""Image sets: resident on the device as bytes, or streamed from disk by workers."""

from __future__ import annotations

import itertools
import signal
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader

from gansmith.data.dataset import Batch, share, shuffled
from gansmith.data.mirror import mirrored
from gansmith.data.pictures import UNREADABLE, Pixels, open_image, to_pixels
from gansmith.errors import GansmithError


def to_range(pixels: Tensor) -> Tensor:
    """Map bytes 0…255 to floats −1…1.

    >>> to_range(torch.tensor([0, 255], dtype=torch.uint8)).tolist()
    [-1.0, 1.0]
    """
    return pixels.float().div_(127.5).sub_(1.0)


def to_bytes(images: Tensor) -> Tensor:
    """Map floats −1…1 to bytes 0…255, rounding.

    >>> to_bytes(torch.tensor([-1.0, 0.0, 1.0])).tolist()
    [0, 128, 255]
    """
    exact = images.float() if images.device.type == "mps" else images.double()  # as wide as the device has
    return ((exact + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)


@dataclass
class Resident:
    """Samples in memory: uint8 images (N, C, H, W), or float vectors (N, D)."""

    samples: Tensor
    labels: Tensor | None
    label_names: list[str]
    description: str
    attributes: Tensor | None = None
    attribute_names: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    flip: bool = False
    """Whether images are mirrored at random."""
    found: bool = False
    """Whether the attributes were found by themselves, and others could be chosen."""
    shape: tuple[int, ...] = field(init=False)
    count: int | None = field(init=False)

    def __post_init__(self) -> None:
        self.shape = tuple(self.samples.shape[1:])
        self.count = len(self.samples)

    @property
    def frequencies(self) -> Tensor | None:
        """(K,) share of each class."""
        return share(self.labels, len(self.label_names))

    def batches(self, size: int, seed: int, start: int, device: torch.device) -> Iterator[Batch]:
        """Yield minibatches gathered on the device."""
        samples = self.samples.to(device)
        known = [None if part is None else part.to(device) for part in (self.labels, self.attributes)]
        for position, index in enumerate(shuffled(len(samples), size, seed, start), start):
            index = index.to(device)
            x = samples[index]
            x = mirrored(x, seed, position * size) if self.flip else x
            known_of_x = (None if part is None else part[index] for part in known)
            yield Batch(to_range(x) if x.dtype == torch.uint8 else x, *known_of_x)


@dataclass
class Table:
    """Undecoded images by row, with their labels.

    Args:
        cells: encoded bytes, paths, Hugging Face's {"bytes", "path"}, or images, by row.
        labels: int64 by row, or None.
        attributes: floats in [0, 1] by row, or None.
        found: whether they were found by themselves.
    """

    cells: Sequence[Any]
    labels: Tensor | None
    label_names: list[str]
    name: str
    attributes: Tensor | None = None
    attribute_names: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    found: bool = False

    def read(self, row: int) -> Image.Image | None:
        """Return the image in a row, or None if it cannot be read."""
        try:
            return open_image(self.cells[row])
        except UNREADABLE:
            return None

    def look(self, count: int = 64) -> tuple[int, bool]:
        """Return the smaller side of the first readable image and whether all of `count`, spread evenly, are gray."""
        rows = len(self.cells)
        spread = [i * rows // count for i in range(count)] if rows > count else range(rows)
        seen = [*self._readable(spread)] or [*itertools.islice(self._readable(range(rows)), 1)]
        if not seen:
            raise GansmithError(
                f"none of the {rows} images of {self.name} can be read: are they whole PNG, JPEG, WebP … files?"
            )
        return min(seen[0].size), all(image.mode == "L" for image in seen)

    def _readable(self, rows: Iterable[int]) -> Iterator[Image.Image]:
        return (image for image in map(self.read, rows) if image is not None)

    def decode(self, size: int, gray: bool) -> Resident:
        """Decode every image into memory; unreadable ones are left out and counted, one in colour makes all colour."""
        kept: list[int] = []
        decoded: list[Pixels] = []
        for row in range(len(self.cells)):
            image = self.read(row)
            if image is None:
                continue
            if gray and image.mode != "L":
                return self.decode(size, gray=False)
            decoded.append(to_pixels(image, size, gray))
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
        return Resident(pixels, labels, self.label_names, told, *known, found=self.found)

    def place(self, row: int) -> str:
        """Say where the image of a row comes from."""
        cell = self.cells[row]
        return Path(cell).name if isinstance(cell, str) else f"row {row}"


class Streaming:
    """Images decoded by worker processes while training runs.

    An unreadable image is replaced by the next readable one, so the order stays a function of (seed, position).
    """

    def __init__(self, table: Table, size: int, gray: bool, workers: int) -> None:
        self.table = table
        self.gray = gray
        self.workers = workers
        self.shape: tuple[int, ...] = (1 if gray else 3, size, size)
        self.count: int | None = len(table.cells)
        self.label_names = table.label_names
        self.attribute_names = table.attribute_names
        self.columns = table.columns
        self.description = describe(table.name, (len(table.cells), *self.shape)) + ", streamed"
        self.flip = False
        self.found = table.found
        self._warned = False

    @property
    def frequencies(self) -> Tensor | None:
        """(K,) share of each class."""
        return share(self.table.labels, len(self.label_names))

    def __getitem__(self, row: int) -> tuple[Pixels, int, bool]:
        """Return the pixels of the first readable image from `row` on, the row it stands in, and if it is another."""
        rows = len(self.table.cells)
        for at in (*range(row, rows), *range(row)):
            image = self.table.read(at)
            if image is not None:
                return to_pixels(image, self.shape[1], self.gray), at, at != row
        raise GansmithError(f"none of the images of {self.table.name} can be read")

    def batches(self, size: int, seed: int, start: int, device: torch.device) -> Iterator[Batch]:
        """Yield minibatches decoded ahead of time."""
        order = (index.tolist() for index in shuffled(len(self.table.cells), size, seed, start))
        loader: DataLoader[tuple[Tensor, Tensor, Tensor]] = DataLoader(
            self,  # type: ignore[arg-type]
            batch_sampler=order,
            num_workers=self.workers,
            worker_init_fn=_ignore_interrupts,
            pin_memory=device.type == "cuda",
            generator=torch.Generator(),  # its own, or opening a stream would use up global random numbers
        )
        for position, (pixels, rows, replaced) in enumerate(loader, start):
            self._warn(rows[replaced])
            x = pixels.to(device, non_blocking=True)
            x = mirrored(x, seed, position * size) if self.flip else x
            known = (None if part is None else part[rows] for part in (self.table.labels, self.table.attributes))
            yield Batch(
                to_range(x),
                *(None if part is None else part.to(device, non_blocking=True) for part in known),
            )

    def _warn(self, stand_ins: Tensor) -> None:
        """Say once that images cannot be read: others, in these rows, stand in for them."""
        if not self._warned and len(stand_ins):
            self._warned = True
            place = self.table.place(int(stand_ins[0]) - 1)
            warnings.warn(f"some images of {self.table.name} are unreadable and left out: {place}, …", stacklevel=2)


def _ignore_interrupts(worker: int) -> None:
    """Leave Ctrl-C, which reaches every process of a terminal, to the trainer: it still needs batches for its step."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def describe(name: str, shape: Sequence[int]) -> str:
    """Return one line for people about images of shape (N, C, H, W)."""
    count, channels, height, width = shape
    return f"{name}: {count:,} images, {width}x{height}, {'gray' if channels == 1 else 'colour'}"
