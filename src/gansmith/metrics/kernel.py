"""Kernel distance: KID, the squared maximum mean discrepancy under a cubic kernel."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

from gansmith.errors import GansmithError
from gansmith.metrics.accumulators import chunks
from gansmith.numerics import in_double


class Estimate(NamedTuple):
    """A value and its standard error."""

    value: float
    error: float


def kid(real: Tensor, fake: Tensor) -> Estimate:
    """Return MMD²_u = E k(x, x′) + E k(y, y′) − 2 E k(x, y), unbiased, with its standard error.

    k(x, y) = (xᵀy / D + 1)³. Every pair of distinct samples is used once, rather than random subsets: the value does
    not depend on the order of samples, and may fall below 0 when the two sets agree. The standard error is the
    jackknife's over both sets.

    Args:
        real, fake: (M, D) and (N, D) features.

    Bińkowski et al. 2018, "Demystifying MMD GANs", arXiv 1801.01401; Gretton et al. 2012, "A kernel two-sample test".
    """
    x, y = in_double(real.flatten(1)), in_double(fake.flatten(1))
    m, n = len(x), len(y)
    if min(m, n) < 2:
        raise GansmithError(f"KID needs at least 2 samples on either side, got {min(m, n)}")
    x_to_y, y_to_x = [], torch.zeros_like(y[:, 0])
    for rows in chunks(x):
        across = _kernel(rows, y)
        x_to_y.append(across.sum(dim=1))
        y_to_x += across.sum(dim=0)
    a = _rows_within(x) / (m - 1) - torch.cat(x_to_y) / n
    b = _rows_within(y) / (n - 1) - y_to_x / m
    error = 2 * math.sqrt(float(a.var()) / m + float(b.var()) / n)
    return Estimate(float(a.mean() + b.mean()), error)


def _kernel(x: Tensor, y: Tensor) -> Tensor:
    """Return (M, N) values of the kernel."""
    linear = (x @ y.T).div_(x.shape[1]).add_(1)
    return linear * linear * linear


def _rows_within(x: Tensor) -> Tensor:
    """Return Σ_{j ≠ i} k(x_i, x_j) for every i."""
    itself = (x.square().sum(dim=1) / x.shape[1] + 1) ** 3
    return torch.cat([_kernel(rows, x).sum(dim=1) for rows in chunks(x)]) - itself
