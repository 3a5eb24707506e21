"""What samples that come in pieces are boiled down to: moments where sums suffice, a pool where every pair counts."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Generic, TypeVar

import torch
from torch import Tensor

from gansmith.numerics import in_double

T = TypeVar("T")


class Moments:
    """Count, mean and covariance of samples (N, D), in double precision and without keeping the samples.

    Minibatches are joined by the update of Chan, Golub, LeVeque 1983, "Algorithms for computing the sample variance",
    which does not lose digits when the mean is large.

    >>> Moments().update(torch.tensor([[0.0], [2.0]])).update(torch.tensor([[4.0]])).covariance
    tensor([[4.]], dtype=torch.float64)
    """

    def __init__(self) -> None:
        self.count = 0
        self.mean = torch.zeros(0, dtype=torch.float64)
        self._scatter = torch.zeros(0, 0, dtype=torch.float64)  # Σ (x − mean)(x − mean)ᵀ

    @classmethod
    def known(cls, mean: Tensor, covariance: Tensor) -> Moments:
        """Return the moments (D,) and (D, D) of a distribution itself, as if of endlessly many samples."""
        moments = cls()
        moments.count, moments.mean = sys.maxsize, mean.double()
        moments._scatter = covariance.double() * (sys.maxsize - 1)
        return moments

    def update(self, features: Tensor) -> Moments:
        """Take in samples (N, D), and return itself."""
        x = in_double(features.detach().flatten(1))
        if not len(x):
            return self
        if not self.count:
            self.mean = x.new_zeros(x.shape[1])
            self._scatter = x.new_zeros(x.shape[1], x.shape[1])
        mean = x.mean(dim=0)
        centred, shift = x - mean, mean - self.mean
        total = self.count + len(x)
        self._scatter += centred.T @ centred + torch.outer(shift, shift) * (self.count * len(x) / total)
        self.mean = self.mean + shift * (len(x) / total)
        self.count = total
        return self

    @property
    def covariance(self) -> Tensor:
        """(D, D), unbiased (divided by N − 1), symmetric."""
        return self._scatter / max(self.count - 1, 1)


class Pooled(Generic[T]):
    """The accumulator of a metric that needs all samples at once: keeps them until `compute`.

    Args:
        metric: a function of all features (N, D), often one with its real samples filled in.

    >>> from functools import partial
    >>> from gansmith.metrics.wasserstein import sliced_wasserstein
    >>> accumulator = Pooled(partial(sliced_wasserstein, torch.zeros(2, 1)))
    >>> accumulator.update(torch.ones(1, 1)).update(torch.ones(1, 1)).compute()
    1.0
    """

    def __init__(self, metric: Callable[[Tensor], T]) -> None:
        self.metric = metric
        self._parts: list[Tensor] = []

    def update(self, features: Tensor) -> Pooled[T]:
        """Take in samples (N, D), and return itself."""
        self._parts.append(features.detach())
        return self

    def compute(self) -> T:
        """Return the metric of all samples so far."""
        return self.metric(torch.cat(self._parts))


def chunks(x: Tensor, size: int = 512) -> tuple[Tensor, ...]:
    """Cut rows into pieces whose distances to all others fit into memory."""
    return torch.split(x, size)
