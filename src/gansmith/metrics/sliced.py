"""Sliced Wasserstein distance: optimal transport along random lines."""

from __future__ import annotations

import torch
from torch import Tensor


def sliced_wasserstein(a: Tensor, b: Tensor, projections: int = 128, seed: int = 0) -> float:
    """Return √ of the mean over random directions u of W₂²(aᵀu, bᵀu), in the units of one coordinate times √D.

    The directions are unit vectors drawn with `seed`; the mean is scaled by the dimension D, so that a shift by the
    vector m costs ‖m‖ on average whatever D is.

    Args:
        a, b: (N, ...) samples, equally many.

    Rabin et al. 2012, "Wasserstein barycenter and its application to texture mixing".

    >>> x = torch.randn(50, 3)
    >>> sliced_wasserstein(x, x)
    0.0
    """
    if a.shape != b.shape:
        raise ValueError(f"equally many samples of one shape are needed, got {tuple(a.shape)} and {tuple(b.shape)}")
    a, b = a.flatten(1).double(), b.flatten(1).double()
    rng = torch.Generator().manual_seed(seed)
    lines = torch.randn(a.shape[1], projections, dtype=torch.float64, generator=rng).to(a.device)
    lines /= lines.norm(dim=0)
    gaps = (a @ lines).sort(dim=0).values - (b @ lines).sort(dim=0).values
    return float((gaps.square().mean() * a.shape[1]).sqrt())
