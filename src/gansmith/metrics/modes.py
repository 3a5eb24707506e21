"""Mode coverage of mixtures whose modes are known."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor


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
    distance, nearest = torch.cdist(samples.double(), modes.double()).min(dim=1)
    good = distance <= 3 * spread
    return Coverage(len(set(nearest[good].tolist())), int(good.sum()) / len(samples))
