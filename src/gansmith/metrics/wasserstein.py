"""Wasserstein distances: on the line, where sorting solves optimal transport, and along random lines."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor


def wasserstein_1d(a: Tensor, b: Tensor, p: float = 1.0) -> float:
    """Return W_p(a, b) = (∫₀¹ |F_a⁻¹(u) − F_b⁻¹(u)|^p du)^(1/p) of two sets of numbers, in their unit.

    Args:
        a, b: (M,) and (N,) numbers, or (M, 1) and (N, 1); every number weighs the same within its set.

    Villani 2003, "Topics in optimal transportation", theorem 2.18.

    >>> wasserstein_1d(torch.tensor([0.0, 1.0]), torch.tensor([5.0]))
    4.5
    """
    cost = _transport(a.reshape(-1, 1).double(), b.reshape(-1, 1).double(), p)
    return float(cost.item() ** (1 / p))


def sliced_wasserstein(a: Tensor, b: Tensor, projections: int = 128, seed: int = 0) -> float:
    """Return √ of the mean over random directions u of W₂²(aᵀu, bᵀu), in the units of one coordinate times √D.

    The directions are unit vectors drawn with `seed`; the mean is scaled by the dimension D, so that a shift by the
    vector m costs ‖m‖ on average whatever D is.

    Args:
        a, b: (M, ...) and (N, ...) samples of one shape.

    Rabin et al. 2012, "Wasserstein barycenter and its application to texture mixing".

    >>> x = torch.randn(50, 3)
    >>> sliced_wasserstein(x, x)
    0.0
    """
    if a.shape[1:] != b.shape[1:]:
        raise ValueError(f"samples of one shape are needed, got {tuple(a.shape[1:])} and {tuple(b.shape[1:])}")
    a, b = a.flatten(1).double(), b.flatten(1).double()
    rng = torch.Generator().manual_seed(seed)
    lines = torch.randn(a.shape[1], projections, dtype=torch.float64, generator=rng).to(a.device)
    lines /= lines.norm(dim=0)
    return float((_transport(a @ lines, b @ lines, 2).mean() * a.shape[1]).sqrt())


def _transport(a: Tensor, b: Tensor, p: float) -> Tensor:
    """Return W_p^p of each column of a (M, L) and b (N, L)."""
    m, n = len(a), len(b)
    a, b = a.sort(dim=0).values, b.sort(dim=0).values
    if m == n:
        return (a - b).abs().pow(p).mean(dim=0)
    cuts = np.union1d(np.arange(m + 1) * n, np.arange(n + 1) * m)  # where either quantile function steps, times mn
    starts, ends = torch.from_numpy(cuts[:-1]).to(a.device), torch.from_numpy(cuts[1:]).to(a.device)
    gaps = (a[starts // n] - b[starts // m]).abs().pow(p)
    cost: Tensor = (ends - starts).double() @ gaps / (m * n)
    return cost
