"""The generated samples that are nearest to real ones, as a picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import torch
from torch import Tensor

from gansmith.data.dataset import REFERENCE_SEED, Dataset
from gansmith.data.images import to_bytes, to_range
from gansmith.metrics.evaluation import COPIES
from gansmith.metrics.neighbours import Copies
from gansmith.training import pictures

SHOWN = 10


class Album:
    """Keeps the samples that are looked up among real ones, as bytes, while all of them pass by.

    Args:
        shape: of an image.
        count: how many pass.
    """

    def __init__(self, shape: tuple[int, ...], count: int) -> None:
        self.images = torch.empty(min(count, COPIES), *shape, dtype=torch.uint8)

    def watch(self, samples: Iterable[Tensor]) -> Iterator[Tensor]:
        """Yield the pieces as they come."""
        start = 0
        for piece in samples:
            free = self.images[start : start + len(piece)]
            free.copy_(to_bytes(piece[: len(free)]))
            start += len(free)
            yield piece

    def draw(self, copies: Copies, dataset: Dataset, path: Path) -> None:
        """Draw the samples that are nearest to a real one, each over that one."""
        closest = copies.closeness.argsort()[:SHOWN]
        reals = [_real_sample(dataset, position) for position in copies.nearest[closest].tolist()]
        sheet = torch.cat([to_range(self.images[closest]), *reals])
        pictures.save_picture(pictures.grid(sheet, columns=len(closest)), path)


def _real_sample(dataset: Dataset, position: int) -> Tensor:
    return next(dataset.batches(1, REFERENCE_SEED, position, torch.device("cpu"))).x
