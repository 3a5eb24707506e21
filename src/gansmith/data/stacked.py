"""Stacked digits: three random digits as the channels of one colour image, so that modes can be counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce

import torch
from torch import Tensor

from gansmith.data.dataset import Batch, Dataset, randomness
from gansmith.data.images import Resident, describe, to_range
from gansmith.data.mirror import mirrored
from gansmith.errors import GansmithError

CHANNELS = 3


@dataclass
class Stacked:
    """Endless colour images whose red, green and blue are independent draws from a labelled gray set.

    K classes make K³ modes: the class of (a, b, c) is (a K + b) K + c. Ten digits make stacked MNIST's
    1,000 modes.

    Metz et al. 2017, "Unrolled GANs", arXiv 1611.02163.
    """

    base: Resident

    def __post_init__(self) -> None:
        count, _, *size = self.base.samples.shape
        self.shape: tuple[int, ...] = (CHANNELS, *size)
        self.count: int | None = None
        self.attribute_names: list[str] = []
        self.columns: list[str] = []
        self.flip = False
        names = self.base.label_names
        short = all(len(name) == 1 for name in names)
        self.label_names = [("" if short else "-").join((a, b, c)) for a in names for b in names for c in names]
        name = describe("stacked", (count, *self.shape)).replace(f"{count:,} images", "endless images")
        self.description = f"{name}, three of {self.base.description}; {len(self.label_names):,} modes"

    @property
    def frequencies(self) -> Tensor | None:
        """(K³,) how often each joint class is drawn."""
        share = self.base.frequencies
        return None if share is None else reduce(torch.kron, [share] * CHANNELS)

    def batches(self, size: int, seed: int, start: int, device: torch.device) -> Iterator[Batch]:
        """Yield fresh draws without end."""
        base, labels = self.base.samples.to(device), self.base.labels
        assert labels is not None  # `stack` made sure
        position = start
        while True:
            rows = torch.randint(len(base), (size, CHANNELS), generator=randomness(seed, "stacked", position))
            digits = labels[rows]
            joint = reduce(lambda before, channel: before * len(self.base.label_names) + channel, digits.unbind(1))
            x = base[rows.to(device), 0]
            x = mirrored(x, seed, position * size) if self.flip else x
            yield Batch(to_range(x), joint.to(device))
            position += 1


def stack(base: Dataset) -> Stacked:
    """Return the stacked set of a labelled gray one, or say why there is none."""
    if not isinstance(base, Resident) or len(base.shape) != 3 or base.shape[0] != 1 or base.labels is None:
        raise GansmithError(
            f"stacked: needs labelled gray images that fit into memory, not {base.description}: "
            "use --data stacked:digits, or stacked: and the path of such a set"
        )
    return Stacked(base)
