"""Sliced Wasserstein distance: transport along random lines."""

from __future__ import annotations

import torch
from torch import Tensor

from gansmith.numerics import in_double
from gansmith.theory.line import columns_cost


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
    a, b = in_double(a.flatten(1)), in_double(b.flatten(1))
    rng = torch.Generator().manual_seed(seed)
    lines = torch.randn(a.shape[1], projections, dtype=torch.float64, generator=rng).to(a.device)
    lines /= lines.norm(dim=0)
    return float((columns_cost(a @ lines, b @ lines, 2).mean() * a.shape[1]).sqrt())
