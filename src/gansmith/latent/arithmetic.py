"""Latent arithmetic: those with glasses − those without + another person."""

from __future__ import annotations

import torch
from torch import Tensor

from gansmith.errors import GansmithError


def with_difference(others: Tensor, points: Tensor, has: Tensor, amount: float = 1.0) -> Tensor:
    """Return p + amount · (mean of points with an attribute − mean of points without), (M, d) float32.

    Radford, Metz, Chintala 2016, "Unsupervised representation learning with DCGANs", arXiv 1511.06434, figure 7: three
    samples a mean; more tell the attribute better from what came with it by chance.

    Args:
        others: (M, d) p, the people who get it.
        points: (N, d), of people of whom it is known.
        has: (N,) booleans.
        amount: of the difference; −1 takes it away.

    Raises:
        GansmithError: if shapes do not match, or all of the points have the attribute or none has.
    """
    if points.dim() != 2 or has.shape != points.shape[:1] or others.dim() != 2 or others.shape[1] != points.shape[1]:
        shapes = ", ".join(str(tuple(part.shape)) for part in (others, points, has))
        raise GansmithError(f"latent arithmetic: shapes {shapes} are not (M, d), (N, d), (N,)")
    return (others.double() + amount * difference(points, has.to(torch.bool))).float()


def difference(points: Tensor, has: Tensor) -> Tensor:
    """Return mean of points (N, d) with an attribute − mean of points without, (d,) double precision."""
    if not has.any() or has.all():
        raise GansmithError(
            f"latent arithmetic: {int(has.sum())} of {len(has)} have the attribute; some must, some not"
        )
    exact = points.double()
    return exact[has].mean(dim=0) - exact[~has].mean(dim=0)
