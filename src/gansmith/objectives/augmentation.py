"""Views of samples that a discriminator is shown instead of the samples, differentiable in the samples.

Views of real samples and of fakes follow the same law, so a generator is not asked to make samples that look viewed.
All chance comes from a `Draw`: the same draw gives the same view.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor

from gansmith.errors import unknown

Draw = Callable[[str, Literal["uniform", "normal"], tuple[int, ...]], Tensor]
"""(name, kind, shape) → random numbers, U[0, 1) or N(0, 1), the same each time for the same name."""


def instance_noise(x: Tensor, deviation: float, draw: Draw) -> Tensor:
    """Return x + deviation · n, n ~ N(0, 1): real and fake densities overlap everywhere, however thin they were.

    Args:
        x: (N, ...) samples.
        deviation: of the noise, usually lowered to 0 in the course of training.
        draw: gives "instance_noise", of the shape of x.

    Sønderby et al. 2017, "Amortised MAP inference", arXiv 1610.04490; Arjovsky, Bottou 2017, arXiv 1701.04862.

    >>> instance_noise(torch.zeros(2), 0.5, lambda name, kind, shape: torch.ones(shape)).tolist()
    [0.5, 0.5]
    """
    return x + deviation * draw("instance_noise", "normal", tuple(x.shape)).to(x)


def _color(x: Tensor, draw: Draw) -> Tensor:
    """Shift brightness by U(−½, ½), scale saturation by U(0, 2) and contrast by U(½, 3/2), in this order."""
    brightness, saturation, contrast = (
        draw(name, "uniform", (len(x),)).to(x).reshape(-1, 1, 1, 1) for name in ("brightness", "saturation", "contrast")
    )
    x = x + (brightness - 0.5)
    if x.shape[1] > 1:  # gray images have no saturation
        gray = x.mean(1, keepdim=True)
        x = gray + 2 * saturation * (x - gray)
    level = x.mean((1, 2, 3), keepdim=True)
    return level + (contrast + 0.5) * (x - level)


def _sources(uniform: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """Return where each of `size` pixels comes from under a shift per sample, and whether that lies in the image.

    Sources wrap around, so that no pixel is read twice; those that did must be masked. Both are (N, size).
    """
    reach = size // 8
    shift = (uniform * (2 * reach + 1)).long().clamp_max(2 * reach) - reach
    source = torch.arange(size, device=uniform.device) - shift[:, None]
    return source.remainder(size), (source >= 0) & (source < size)


def _translation(x: Tensor, draw: Draw) -> Tensor:
    """Move each image by whole pixels, up to ⅛ of its sides; what moves in is 0."""
    n, channels, height, width = x.shape
    uniform = draw("translation", "uniform", (2, n)).to(x.device)
    rows, rows_inside = _sources(uniform[0], height)
    columns, columns_inside = _sources(uniform[1], width)
    pixels = (rows[:, :, None] * width + columns[:, None, :]).reshape(n, 1, -1).expand(-1, channels, -1)
    inside = rows_inside[:, None, :, None] & columns_inside[:, None, None, :]
    return x.flatten(2).gather(2, pixels).reshape(x.shape).masked_fill(~inside, 0)


def _covered(uniform: Tensor, size: int) -> Tensor:
    """Return which of `size` pixels lie within ¼ size of a centre anywhere along the side, (N, size)."""
    half = (size // 2) / 2
    offset = torch.arange(size, device=uniform.device) + 0.5 - size * uniform[:, None]
    return (offset >= -half) & (offset < half)  # half open: just size // 2 pixels, fewer only at the border


def _cutout(x: Tensor, draw: Draw) -> Tensor:
    """Set a square of half the sides to 0, its centre anywhere in the image: what lies outside is cut off."""
    _, _, height, width = x.shape
    uniform = draw("cutout", "uniform", (2, len(x))).to(x.device)
    hidden = _covered(uniform[0], height)[:, None, :, None] & _covered(uniform[1], width)[:, None, None, :]
    return x.masked_fill(hidden, 0)


POLICIES: dict[str, Callable[[Tensor, Draw], Tensor]] = {
    "color": _color,
    "translation": _translation,
    "cutout": _cutout,
}


def diff_augment(x: Tensor, policy: str, draw: Draw) -> Tensor:
    """Return a random view T(x) of every image, T affine in x, shape of x.

    | policy | what it does to each image |
    | --- | --- |
    | color | brightness + U(−½, ½), then saturation × U(0, 2), then contrast × U(½, 3/2), each about its mean |
    | translation | moves it by whole pixels, up to ⅛ of its sides |
    | cutout | hides a square of half its sides, its centre anywhere |

    What moves in and what is hidden is 0, as in the paper: mid gray, for images in [−1, 1]. Colours are not clamped
    to [−1, 1].

    Args:
        x: (N, C, H, W).
        policy: names joined by commas, applied in this order; "" leaves x alone.
        draw: gives "brightness", "saturation", "contrast" (N,) and "translation", "cutout" (2, N), all uniform.

    Raises:
        GansmithError: a name in the policy is unknown.

    Zhao et al. 2020, "Differentiable augmentation for data-efficient GAN training", arXiv 2006.10738.

    >>> draw = lambda name, kind, shape: torch.zeros(shape)  # the furthest to the left and up
    >>> diff_augment(torch.arange(8.0).expand(1, 1, 8, 8), "translation", draw)[0, 0, 0].tolist()
    [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 0.0]
    """
    names = [name.strip() for name in policy.split(",")] if policy else []
    for name in names:
        if name not in POLICIES:
            raise unknown("augmentation", name, POLICIES)
        x = POLICIES[name](x, draw)
    return x
