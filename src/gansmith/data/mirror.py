"""Mirrored images: each real image counts twice, once as it is and once from left to right."""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import Tensor

from gansmith.data.dataset import REFERENCE_SEED, Dataset, randomness
from gansmith.data.source import Source
from gansmith.errors import GansmithError

COINS = 1024  # that are tossed at once, so that a sample's does not depend on the size of minibatches


def mirrored(x: Tensor, seed: int, place: int) -> Tensor:
    """Return images (N, C, H, W), each of them mirrored from left to right with probability 1/2.

    Whether one is depends on the seed and its place in the order alone. Measuring is against images as they are.

    Args:
        place: of the first of these images in the endless order of samples.
    """
    if seed == REFERENCE_SEED:
        return x
    blocks = range(place // COINS, (place + len(x) - 1) // COINS + 1)
    coins = torch.cat([torch.rand(COINS, generator=randomness(seed, "flip", block)) < 0.5 for block in blocks])
    mine = coins[place - blocks[0] * COINS :][: len(x)].to(x.device)
    return torch.where(mine[:, None, None, None], x.flip(3), x)


def with_mirror(dataset: Dataset, source: Source) -> Dataset:
    """Return the data with their images mirrored at random, if the source says so."""
    if not source.flip:
        return dataset
    if len(dataset.shape) != 3:
        raise GansmithError(f"--flip: {dataset.description} are vectors, and only images can be mirrored")
    if not hasattr(dataset, "flip"):
        raise GansmithError("--flip: data that bring their own minibatches mirror them themselves")
    changed: Any = copy.copy(dataset)  # somebody may use the other as it is
    changed.flip = True
    changed.description = f"{dataset.description}, mirrored at random"
    return changed  # type: ignore[no-any-return]
