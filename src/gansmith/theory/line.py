"""Wasserstein distances on the line, where sorting solves optimal transport."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from gansmith.errors import GansmithError
from gansmith.numerics import in_double
from gansmith.theory.divergences import distributions


def wasserstein_1d(a: Tensor, b: Tensor, p: float = 1.0) -> float:
    """Return W_p(a, b) = (∫₀¹ |F_a⁻¹(u) − F_b⁻¹(u)|^p du)^(1/p) of two sets of numbers, in their unit.

    Args:
        a, b: (M,) and (N,) numbers, or (M, 1) and (N, 1); every number weighs the same within its set.

    Villani 2003, "Topics in optimal transportation", theorem 2.18.

    >>> wasserstein_1d(torch.tensor([0.0, 1.0]), torch.tensor([5.0]))
    4.5
    """
    cost = columns_cost(in_double(a.reshape(-1, 1)), in_double(b.reshape(-1, 1)), p)
    return float(cost.item() ** (1 / p))


def wasserstein_line(x: Tensor, p: Tensor, q: Tensor, cell: float = 1.0) -> float:
    """Return W₁(p, q) = ∫ |F_p(x) − F_q(x)| dx of two distributions on the same points of the line.

    Exact for probabilities at points; for densities on a grid it is the distance of their cells' masses, put at x.

    Args:
        x: (N,) points in ascending order.
        p, q: (N,) probabilities there, or densities with `cell`.

    Raises:
        GansmithError: if the points do not ascend or one of p and q is no distribution.

    Vallender 1974, "Calculation of the Wasserstein distance between probability distributions on the line".

    >>> wasserstein_line(torch.tensor([0.0, 1.0, 3.0]), torch.tensor([1.0, 0, 0]), torch.tensor([0, 0.5, 0.5]))
    2.0
    """
    p, q = distributions(p, q, cell)
    gaps = in_double(x).diff()
    if x.shape != p.shape or not (gaps > 0).all():
        raise GansmithError(f"{len(p)} points in ascending order are needed, got {tuple(x.shape)}")
    return float((p - q).cumsum(0)[:-1].abs() @ gaps * cell)


def columns_cost(a: Tensor, b: Tensor, p: float) -> Tensor:
    """Return W_p^p of each column of a (M, L) and b (N, L), every row weighing the same within its set."""
    m, n = len(a), len(b)
    a, b = a.sort(dim=0).values, b.sort(dim=0).values
    if m == n:
        return (a - b).abs().pow(p).mean(dim=0)
    cuts = np.union1d(np.arange(m + 1) * n, np.arange(n + 1) * m)  # where either quantile function steps, times mn
    starts, ends = torch.from_numpy(cuts[:-1]).to(a.device), torch.from_numpy(cuts[1:]).to(a.device)
    gaps = (a[starts // n] - b[starts // m]).abs().pow(p)
    cost: Tensor = in_double(ends - starts) @ gaps / (m * n)
    return cost
