"""How alike two pictures are, pixel by pixel and patch by patch."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn.functional import conv2d

from gansmith.errors import GansmithError
from gansmith.numerics import in_double

SPAN = 2.0  # of pixels in [−1, 1]
WINDOW, SIGMA = 11, 1.5  # of the Gaussian window, in pixels
K1, K2 = 0.01, 0.03


def psnr(a: Tensor, b: Tensor) -> Tensor:
    """Return the peak signal-to-noise ratio of each pair, 10 log₁₀ (2² / mean (a − b)²) dB, (N,); ∞ of the same.

    Args:
        a, b: (N, C, H, W) in [−1, 1].

    >>> round(psnr(torch.zeros(1, 1, 4, 4), torch.full((1, 1, 4, 4), 0.2)).item(), 4)
    20.0
    """
    _check(a, b)
    error = (in_double(a) - in_double(b)).square().flatten(1).mean(dim=1)
    return 10 * torch.log10(SPAN**2 / error)


def ssim(a: Tensor, b: Tensor) -> Tensor:
    """Return the structural similarity of each pair, (N,), 1 of the same pictures.

    The mean over channels and over all places of a Gaussian window of 11 pixels and σ = 1.5 (the largest odd window
    that fits, in smaller pictures) of (2 μₐ μ_b + c₁)(2 σₐ_b + c₂) / ((μₐ² + μ_b² + c₁)(σₐ² + σ_b² + c₂)), with
    c₁ = (0.01 · 2)² and c₂ = (0.03 · 2)².

    Wang, Bovik, Sheikh, Simoncelli 2004, "Image quality assessment: from error visibility to structural similarity".

    Args:
        a, b: (N, C, H, W) in [−1, 1].
    """
    _check(a, b)
    a, b = in_double(a), in_double(b)
    window = _window(min(WINDOW, *(side - 1 + side % 2 for side in a.shape[2:])), a)
    mean_a, mean_b, aa, bb, ab = (_blurred(x, window) for x in (a, b, a * a, b * b, a * b))
    c1, c2 = (K1 * SPAN) ** 2, (K2 * SPAN) ** 2
    light = (2 * mean_a * mean_b + c1) / (mean_a**2 + mean_b**2 + c1)
    variance = aa - mean_a**2 + bb - mean_b**2
    structure = (2 * (ab - mean_a * mean_b) + c2) / (variance + c2)
    return (light * structure).flatten(1).mean(dim=1)


def _window(size: int, like: Tensor) -> Tensor:
    place = torch.arange(size, dtype=like.dtype, device=like.device) - (size - 1) / 2
    weight = torch.exp(-place.square() / (2 * SIGMA**2))
    return weight / weight.sum()


def _blurred(x: Tensor, window: Tensor) -> Tensor:
    """Return the weighted means of each channel at all places where the whole window fits."""
    n, channels = x.shape[:2]
    flat = x.reshape(n * channels, 1, *x.shape[2:])
    rows = conv2d(conv2d(flat, window[None, None, :, None]), window[None, None, None, :])
    return rows.reshape(n, channels, *rows.shape[2:])


def _check(a: Tensor, b: Tensor) -> None:
    if a.dim() != 4 or a.shape != b.shape or not math.prod(a.shape):
        raise GansmithError(f"likeness: shapes {tuple(a.shape)} and {tuple(b.shape)} are not the same (N, C, H, W)")
