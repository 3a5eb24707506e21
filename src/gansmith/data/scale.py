"""Vectors in units of their own spread: mean 0 and deviation 1 in every column while a GAN trains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from gansmith.data.dataset import Dataset, first
from gansmith.data.source import Source
from gansmith.errors import GansmithError

ROWS = 10_000  # real samples that tell mean and deviation


@dataclass(frozen=True)
class Scale:
    """What maps samples (N, D) to those that networks see, and back: x' = (x − mean)/deviation.

    Attributes:
        mean: (D,), of each column.
        deviation: (D,), its standard deviation; 1 for a column that is constant.
    """

    mean: tuple[float, ...]
    deviation: tuple[float, ...]

    def standardized(self, x: Tensor) -> Tensor:
        """Return samples in units of their spread.

        >>> Scale((5.0,), (2.0,)).standardized(torch.tensor([[9.0]]))
        tensor([[2.]])
        """
        return (x - x.new_tensor(self.mean)) / x.new_tensor(self.deviation)

    def restored(self, x: Tensor) -> Tensor:
        """Return samples in the data's own units.

        >>> Scale((5.0,), (2.0,)).restored(torch.tensor([[2.0]]))
        tensor([[9.]])
        """
        return x * x.new_tensor(self.deviation) + x.new_tensor(self.mean)


def scale_of(dataset: Dataset, source: Source) -> Scale | None:
    """Return the data's mean and deviation, by their first 10,000 samples, if the source says so.

    Raises:
        GansmithError: if they are images.
    """
    if not source.standardize:
        return None
    if len(dataset.shape) == 3:
        raise GansmithError(f"--standardize: {dataset.description} are images, which are in [-1, 1] already")
    x = torch.cat([batch.x for batch in first(dataset, ROWS)]).double()
    deviation = x.std(dim=0, correction=0)
    deviation[deviation == 0] = 1
    return Scale(tuple(x.mean(dim=0).tolist()), tuple(deviation.tolist()))


def scale_from(stored: Sequence[Sequence[float]] | None) -> Scale | None:
    """Rebuild a scale from plain JSON values, a mean and a deviation of each column.

    >>> scale_from([[5.0], [2.0]])
    Scale(mean=(5.0,), deviation=(2.0,))
    """
    if stored is None:
        return None
    mean, deviation = stored
    return Scale(tuple(mean), tuple(deviation))


def scale_to(scale: Scale | None) -> list[list[float]] | None:
    """Return a scale as plain JSON values."""
    return None if scale is None else [list(scale.mean), list(scale.deviation)]
