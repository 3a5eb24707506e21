"""What is shown of a picture, and what an answer must share with it: holes and small pictures, as plain functions."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate


def hole(corners: Tensor, side: int, shape: tuple[int, ...]) -> Tensor:
    """Return masks (N, 1, H, W), 1 in a square of `side` pixels and 0 elsewhere.

    Args:
        corners: (N, 2) row and column of the square's first pixel.
        shape: (C, H, W) of the pictures.

    >>> hole(torch.tensor([[1, 0]]), 2, (1, 3, 3))[0, 0].int().tolist()
    [[0, 0, 0], [1, 1, 0], [1, 1, 0]]
    """
    inside = [
        (torch.arange(length, device=corners.device) - corners[:, i, None] + 0.0) for i, length in enumerate(shape[1:])
    ]
    rows, columns = (((at >= 0) & (at < side)).float() for at in inside)
    return rows[:, None, :, None] * columns[:, None, None, :]


def with_hole(x: Tensor, mask: Tensor) -> Tensor:
    """Return (N, C + 1, H, W): the pictures, 0 (gray) where the mask is 1, and the mask as −1 and 1 beside them."""
    return torch.cat([x * (1 - mask), 2 * mask - 1], dim=1)


def filled(made: Tensor, shown: Tensor) -> Tensor:
    """Return what was shown, and in its hole what was made: x (1 − m) + G m.

    Pathak et al. 2016, "Context encoders", arXiv 1604.07379.

    Args:
        made: (N, C, H, W).
        shown: what `with_hole` returned.
    """
    return torch.where(shown[:, -1:] > 0, made, shown[:, :-1])


def shrunk(x: Tensor, times: int) -> Tensor:
    """Return pictures of a side so many times shorter, (N, C, H/times, W/times): means of squares of pixels."""
    return avg_pool2d(x, times)


def enlarged(made: Tensor, shown: Tensor) -> Tensor:
    """Return the nearest pictures to those made whose small pictures are what was shown: G + U(y − S G).

    S takes means of squares of pixels and U repeats pixels, so that S U = 1: a projection. Sønderby et al. 2017,
    "Amortised MAP inference for image super-resolution", arXiv 1610.04490, section 3.1.

    Args:
        made: (N, C, H, W).
        shown: (N, C, h, w), H a multiple of h.
    """
    times = made.shape[-1] // shown.shape[-1]
    return made + interpolate(shown - shrunk(made, times), scale_factor=float(times))
