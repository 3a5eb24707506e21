"""Modes: how many of the data's modes samples reach, where the modes are known."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from gansmith.numerics import in_double


class Coverage(NamedTuple):
    """How many modes samples reach, and how many samples reach one."""

    modes: int
    """Modes with at least one high-quality sample."""
    high_quality: float
    """Fraction of samples within 3σ of their nearest mode; 1 − e^−4.5 ≈ 0.989 for perfect samples in the plane."""


def mode_coverage(samples: Tensor, modes: Tensor, spread: float) -> Coverage:
    """Count covered modes and high-quality samples.

    Args:
        samples: (N, D).
        modes: (M, D) centres.
        spread: standard deviation σ of each mode.

    Srivastava et al. 2017 (VEEGAN), arXiv 1705.07761; Lin et al. 2018 (PacGAN), arXiv 1712.04086.

    >>> mode_coverage(torch.tensor([[0.0], [0.02], [9.0]]), torch.tensor([[0.0], [5.0]]), 0.01)
    Coverage(modes=1, high_quality=0.6666666666666666)
    """
    return ModeCoverage(modes, spread).update(samples).compute()


class ModeCoverage:
    """The accumulator of `mode_coverage`."""

    def __init__(self, modes: Tensor, spread: float) -> None:
        self.modes = in_double(modes)
        self.spread = spread
        self._good = torch.zeros(len(modes), dtype=torch.int64)
        self._count = 0

    def update(self, samples: Tensor) -> ModeCoverage:
        """Take in samples (N, D), and return itself."""
        distance, nearest = torch.cdist(samples.cpu().double(), self.modes).min(dim=1)
        self._good += nearest[distance <= 3 * self.spread].bincount(minlength=len(self.modes))
        self._count += len(samples)
        return self

    def compute(self) -> Coverage:
        """Return the coverage so far."""
        return Coverage(int((self._good > 0).sum()), int(self._good.sum()) / max(self._count, 1))


class Classes(NamedTuple):
    """How samples spread over classes."""

    modes: int
    """Classes with at least one sample."""
    kl: float
    """KL(samples ‖ data) of the class frequencies, in nats. N fair samples of K classes score about (K − 1)/(2N)."""


def class_coverage(classes: Tensor, frequencies: Tensor) -> Classes:
    """Count classes and compare their frequencies p̂ with the data's: KL = Σ p̂ log(p̂ / p).

    Args:
        classes: (N,) class of every sample, as a classifier sees it.
        frequencies: (K,) of the data, summing to 1.

    Metz et al. 2017, "Unrolled GANs", arXiv 1611.02163 (stacked MNIST: K = 1000, N = 26,000).

    >>> class_coverage(torch.tensor([0, 0, 1, 1]), torch.full((4,), 0.25))
    Classes(modes=2, kl=0.6931471805599453)
    """
    return ClassCoverage(frequencies).update(classes).compute()


class ClassCoverage:
    """The accumulator of `class_coverage`."""

    def __init__(self, frequencies: Tensor) -> None:
        self.frequencies = in_double(frequencies).cpu()
        self._counts = torch.zeros(len(frequencies), dtype=torch.int64)

    def update(self, classes: Tensor) -> ClassCoverage:
        """Take in classes (N,), and return itself."""
        self._counts += classes.cpu().bincount(minlength=len(self._counts))
        return self

    def compute(self) -> Classes:
        """Return the coverage so far."""
        seen = self._counts > 0
        share = self._counts[seen].double() / self._counts.sum()
        return Classes(int(seen.sum()), float((share * (share / self.frequencies[seen]).log()).sum()))
