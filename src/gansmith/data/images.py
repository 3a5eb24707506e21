"""Image sets: resident on the device as bytes, or streamed from disk by workers."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader

from gansmith.data.dataset import Batch, shuffled
from gansmith.data.pictures import UNREADABLE, Pixels, is_gray, open_image, to_pixels
from gansmith.errors import GansmithError


def to_range(pixels: Tensor) -> Tensor:
    """Map bytes 0…255 to floats −1…1.

    >>> to_range(torch.tensor([0, 255], dtype=torch.uint8)).tolist()
    [-1.0, 1.0]
    """
    return pixels.float().div_(127.5).sub_(1.0)


@dataclass
class Resident:
    """Samples in memory: uint8 images (N, C, H, W), or float vectors (N, D)."""

    samples: Tensor
    labels: Tensor | None
    label_names: list[str]
    description: str
    shape: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.shape = tuple(self.samples.shape[1:])

    def batches(self, size: int, seed: int, start: int, device: torch.device) -> Iterator[Batch]:
        """Yield minibatches gathered on the device."""
        samples = self.samples.to(device)
        labels = None if self.labels is None else self.labels.to(device)
        for index in shuffled(len(samples), size, seed, start):
            index = index.to(device)
            x = samples[index]
            yield Batch(to_range(x) if x.dtype == torch.uint8 else x, None if labels is None else labels[index])


@dataclass
class Table:
    """Undecoded images by row, with their labels.

    Args:
        cells: encoded bytes, paths, or Hugging Face's {"bytes", "path"} by row.
        labels: int64 by row, or None.
    """

    cells: Sequence[Any]
    labels: Tensor | None
    label_names: list[str]
    name: str

    def look(self, count: int = 64) -> tuple[int, bool]:
        """Return the smaller side of the first readable image and whether the first `count` are gray."""
        side, gray = 0, True
        for row in range(min(count, len(self.cells))):
            try:
                image = open_image(self.cells[row])
            except UNREADABLE:
                continue
            side = side or min(image.size)
            gray = gray and is_gray(image)
        if not side:
            side, gray = self._look_further(count)
        return side, gray

    def _look_further(self, start: int) -> tuple[int, bool]:
        for row in range(start, len(self.cells)):
            try:
                image = open_image(self.cells[row])
            except UNREADABLE:
                continue
            return min(image.size), is_gray(image)
        raise GansmithError(
            f"none of the {len(self.cells)} images of {self.name} can be read: are they whole PNG, JPEG, WebP … files?"
        )

    def decode(self, size: int, gray: bool) -> Resident:
        """Decode every image into memory; unreadable ones are left out and counted, one in colour makes all colour."""
        kept: list[int] = []
        decoded: list[Pixels] = []
        for row in range(len(self.cells)):
            try:
                image = open_image(self.cells[row])
                if gray and not is_gray(image):
                    return self.decode(size, gray=False)
                decoded.append(to_pixels(image, size, gray))
                kept.append(row)
            except UNREADABLE:
                continue
        skipped = len(self.cells) - len(kept)
        if skipped:
            warnings.warn(f"skipped {skipped} of {len(self.cells)} images of {self.name}: unreadable", stacklevel=2)
        labels = None if self.labels is None else self.labels[torch.tensor(kept)]
        pixels = torch.from_numpy(np.stack(decoded))
        return Resident(pixels, labels, self.label_names, _describe(self.name, len(kept), pixels.shape[1:]))


class Streaming:
    """Images decoded by worker processes while training runs.

    An unreadable image is replaced by the next readable one, so the order stays a function of (seed, position).
    """

    def __init__(self, table: Table, size: int, gray: bool, workers: int) -> None:
        self.table = table
        self.gray = gray
        self.workers = workers
        self.shape: tuple[int, ...] = (1 if gray else 3, size, size)
        self.label_names = table.label_names
        self.description = _describe(table.name, len(table.cells), self.shape) + ", streamed"

    def __getitem__(self, row: int) -> tuple[Pixels, int]:
        for step in range(len(self.table.cells)):
            at = (row + step) % len(self.table.cells)
            try:
                pixels = to_pixels(open_image(self.table.cells[at]), self.shape[1], self.gray)
            except UNREADABLE:
                continue
            return pixels, -1 if self.table.labels is None else int(self.table.labels[at])
        raise GansmithError(f"none of the images of {self.table.name} can be read")

    def batches(self, size: int, seed: int, start: int, device: torch.device) -> Iterator[Batch]:
        """Yield minibatches decoded ahead of time."""
        order = (index.tolist() for index in shuffled(len(self.table.cells), size, seed, start))
        loader: DataLoader[tuple[Tensor, Tensor]] = DataLoader(
            self,  # type: ignore[arg-type]
            batch_sampler=order,
            num_workers=self.workers,
            pin_memory=device.type == "cuda",
            generator=torch.Generator(),  # its own, or opening a stream would use up global random numbers
        )
        for pixels, labels in loader:
            x = to_range(pixels.to(device, non_blocking=True))
            yield Batch(x, None if self.table.labels is None else labels.to(device, non_blocking=True))


def _describe(name: str, count: int, shape: Sequence[int]) -> str:
    channels, height, width = shape
    return f"{name}: {count:,} images, {width}x{height}, {'gray' if channels == 1 else 'colour'}"
