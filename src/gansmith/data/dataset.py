"""What training needs of any data: endless minibatches whose order is a function of (seed, position)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

REFERENCE_SEED = 2**40  # of the order in which real samples are taken to measure against: no run's own


class Batch(NamedTuple):
    """One minibatch of real samples."""

    x: Tensor
    """(N, D) vectors, or (N, C, H, W) images in [−1, 1]."""
    labels: Tensor | None = None
    """(N,) int64, if the data have any."""
    attributes: Tensor | None = None
    """(N, A) in [0, 1], if the data have any."""

    def rows(self, count: int) -> Batch:
        """Return the first samples alone."""
        return Batch(*(None if part is None else part[:count] for part in self))  # type: ignore[arg-type]


class Dataset(Protocol):
    """Real samples."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one sample: (D,) or (C, H, W)."""
        ...

    @property
    def count(self) -> int | None:
        """How many samples there are; None if they are drawn without end."""
        ...

    @property
    def label_names(self) -> list[str]:
        """Names of the classes; empty if there are none."""
        ...

    @property
    def attribute_names(self) -> list[str]:
        """Names of the attributes; empty if there are none."""
        ...

    @property
    def columns(self) -> list[str]:
        """Names of all columns or arrays the data come with, for who looks for labels; empty if it has no names."""
        ...

    @property
    def frequencies(self) -> Tensor | None:
        """(K,) share of each class, summing to 1; None if there are no labels."""
        ...

    @property
    def description(self) -> str:
        """One line for people."""
        ...

    def batches(self, size: int, seed: int, start: int, device: torch.device) -> Iterator[Batch]:
        """Yield minibatches without end, beginning with the one at position `start`."""
        ...


def first(dataset: Dataset, count: int | None, size: int = 512) -> Iterator[Batch]:
    """Yield the first `count` samples of a fixed order, or all there are, in minibatches on the CPU.

    The order is that of `REFERENCE_SEED`; sample i of it is the minibatch of size 1 at position i where samples are
    counted.
    """
    left = count if dataset.count is None else min(dataset.count, dataset.count if count is None else count)
    if left is None:
        raise ValueError("how many of endless data?")
    for batch in dataset.batches(size, REFERENCE_SEED, 0, torch.device("cpu")):
        part = batch.rows(left)
        yield part
        left -= len(part.x)
        if left <= 0:
            return


def share(labels: Tensor | None, classes: int) -> Tensor | None:
    """Return how often each class occurs, (K,) summing to 1; samples without a label, −1, are of none.

    >>> share(torch.tensor([0, 2, 2, 2]), 3)
    tensor([0.2500, 0.0000, 0.7500], dtype=torch.float64)
    """
    if labels is None:
        return None
    labels = labels[labels >= 0]
    return labels.bincount(minlength=classes).double() / len(labels)


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
