"""Image sets: resident on the device as bytes, or streamed from disk by workers."""

from __future__ import annotations

import signal
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.utils.data import DataLoader

from gansmith.data.dataset import Batch, share, shuffled
from gansmith.data.mirror import mirrored
from gansmith.data.pictures import Pixels, to_pixels
from gansmith.errors import GansmithError

if TYPE_CHECKING:
    from gansmith.data.rendering import Rendering
    from gansmith.data.undecoded import Table


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
    notes: list[str] = field(default_factory=list)
    """What was decided, left out or passed over at opening, a line each."""
    unreadable: int = 0
    """How many images could not be decoded, and were left out."""
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


class Streaming:
    """Images decoded by worker processes while training runs.

    An unreadable image is replaced by the next readable one, so the order stays a function of (seed, position).
    """

    def __init__(self, table: Table, how: Rendering, workers: int) -> None:
        self.table = table
        self.how = how
        self.workers = workers
        self.shape: tuple[int, ...] = (how.channels, how.size, how.size)
        self.count: int | None = len(table.cells)
        self.label_names = table.label_names
        self.attribute_names = table.attribute_names
        self.columns = table.columns
        self.description = describe(table.name, (len(table.cells), *self.shape)) + ", streamed"
        self.flip = False
        self.found = table.found
        self.notes = table.notes
        self._lost: set[int] = set()
        self._warned = self._coloured = False

    @property
    def unreadable(self) -> int:
        """How many images could not be decoded, of those that were asked for so far."""
        return len(self._lost)

    @property
    def frequencies(self) -> Tensor | None:
        """(K,) share of each class."""
        return share(self.table.labels, len(self.label_names))

    def __getitem__(self, row: int) -> tuple[Pixels, int, int, int]:
        """Return the pixels of the first readable image from `row` on, its row, `row` itself, and its own channels."""
        rows = len(self.table.cells)
        for at in (*range(row, rows), *range(row)):
            image = self.table.read(at, self.how.shades)
            if image is not None:
                return to_pixels(image, self.how), at, row, len(image.mode)
        raise GansmithError(f"none of the images of {self.table.name} can be read")

    def batches(self, size: int, seed: int, start: int, device: torch.device) -> Iterator[Batch]:
        """Yield minibatches decoded ahead of time."""
        order = (index.tolist() for index in shuffled(len(self.table.cells), size, seed, start))
        loader: DataLoader[tuple[Tensor, ...]] = DataLoader(
            self,  # type: ignore[arg-type]
            batch_sampler=order,
            num_workers=self.workers,
            worker_init_fn=_ignore_interrupts,
            pin_memory=device.type == "cuda",
            generator=torch.Generator(),  # its own, or opening a stream would use up global random numbers
        )
        for position, (pixels, rows, wanted, channels) in enumerate(loader, start):
            replaced = rows != wanted
            self._lost.update(wanted[replaced].tolist())
            self._warn(rows[replaced])
            self._warn_of_colour(rows, channels)
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

    def _warn_of_colour(self, rows: Tensor, channels: Tensor) -> None:
        """Say once that an image holds colour, or alpha, that those looked at beforehand did not."""
        richer = (channels > self.how.channels).nonzero()[:, 0]
        if not self._coloured and len(richer):
            self._coloured = True
            row = int(richer[0])
            kinds = KINDS[int(channels[row])], KINDS[self.how.channels]
            warnings.warn(
                f"{self.table.place(int(rows[row]))} of {self.table.name} is {kinds[0]} and becomes {kinds[1]}, as "
                "those looked at before streaming: a larger --resident-limit decides by all",
                stacklevel=2,
            )


def _ignore_interrupts(worker: int) -> None:
    """Leave Ctrl-C, which reaches every process of a terminal, to the trainer: it still needs batches for its step."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


KINDS = {1: "gray", 3: "colour", 4: "colour with alpha"}


def describe(name: str, shape: Sequence[int]) -> str:
    """Return one line for people about images of shape (N, C, H, W)."""
    count, channels, height, width = shape
    return f"{name}: {count:,} images, {width}x{height}, {KINDS[channels]}"
