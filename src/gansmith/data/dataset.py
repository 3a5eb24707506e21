"""What training needs of any data: endless minibatches whose order is a function of (seed, position)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple, Protocol

import torch
from torch import Tensor


class Batch(NamedTuple):
    """One minibatch of real samples."""

    x: Tensor
    """(N, D) vectors, or (N, C, H, W) images in [−1, 1]."""
    labels: Tensor | None = None
    """(N,) int64, if the data have any."""


class Dataset(Protocol):
    """Real samples."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one sample: (D,) or (C, H, W)."""
        ...

    @property
    def label_names(self) -> list[str]:
        """Names of the classes; empty if there are none."""
        ...

    @property
    def description(self) -> str:
        """One line for people."""
        ...

    def batches(self, size: int, seed: int, start: int, device: torch.device) -> Iterator[Batch]:
        """Yield minibatches without end, beginning with the one at position `start`."""
        ...


def randomness(seed: int, purpose: str, position: int, device: torch.device | str = "cpu") -> torch.Generator:
    """Return a random generator that depends on these three alone.

    >>> torch.rand(1, generator=randomness(0, "z", 5)) == torch.rand(1, generator=randomness(0, "z", 5))
    tensor([True])
    """
    digest = hashlib.blake2b(f"{seed}/{purpose}/{position}".encode(), digest_size=4).digest()
    return torch.Generator(device).manual_seed(int.from_bytes(digest, "little"))


def shuffled(count: int, size: int, seed: int, start: int) -> Iterator[Tensor]:
    """Yield minibatches of indices: endless epochs, each a fresh permutation, no sample left out.

    A minibatch may cross from one epoch into the next, so every one of them is full.
    """
    epoch, offset = divmod(start * size, count)
    order = torch.randperm(count, generator=randomness(seed, "epoch", epoch))
    while True:
        parts = [order[offset : offset + size]]
        offset += size
        while offset >= count:
            epoch, offset = epoch + 1, offset - count
            order = torch.randperm(count, generator=randomness(seed, "epoch", epoch))
            parts.append(order[:offset])
        yield torch.cat(parts) if len(parts) > 1 else parts[0]
