"""Pictures to pictures, by way of residual blocks at a quarter of the side.

Johnson, Alahi, Fei-Fei 2016, "Perceptual losses for real-time style transfer and super-resolution", arXiv 1603.08155;
the blocks are those of He et al. 2016, arXiv 1603.05027. Every other block looks twice as far (dilated convolutions;
Iizuka, Simo-Serra, Ishikawa 2017), so that the middle of a hole sees its edge.
"""

from __future__ import annotations

import math

from torch import Tensor, nn

from gansmith.networks.layers import norm2d
from gansmith.networks.sides import halvings


class _Block(nn.Module):
    """x + 3×3(ReLU(norm(3×3(ReLU(norm(x)))))); the first convolution reaches `reach` pixels."""

    def __init__(self, channels: int, reach: int, norm: str) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *(norm2d(norm, channels), nn.ReLU(), nn.Conv2d(channels, channels, 3, 1, reach, dilation=reach)),
            *(norm2d(norm, channels), nn.ReLU(), nn.Conv2d(channels, channels, 3, 1, 1)),
        )

    def forward(self, x: Tensor) -> Tensor:
        inner: Tensor = self.body(x)
        return x + inner


class ImageToImageGenerator(nn.Module):
    """z (N, inputs) and pictures (N, *view) → images (N, C, S, S) in [−1, 1], S one of 8, 16, 32, 64, 128.

    Convolutions halve what is shown to a quarter of S, if it is larger; a linear map of the noise joins the maps there.

    Args:
        inputs: numbers of noise.
        view: (channels, side, side) of what is shown, S a power of 2 times the side.
        shape: (C, S, S).
        width: channels at S; doubled at each halving.
        blocks: residual ones.
        norm: batch or none.
    """

    def __init__(
        self, inputs: int, view: tuple[int, ...], shape: tuple[int, ...], width: int, blocks: int, norm: str
    ) -> None:
        super().__init__()
        halvings(shape[2], "image-to-image")
        larger = round(math.log2(shape[2] / view[2]))  # how often what is shown is doubled to be as large
        downs, ups = max(0, 2 - larger), max(2, larger)
        channels = [width * 2 ** min(i, 2) for i in range(ups + 1)]  # by how often the side is halved
        first = channels[ups - downs]
        self.start = nn.Sequential(nn.Conv2d(view[0], first, 3, 1, 1))
        for i in range(ups - downs, ups):
            self.start += nn.Sequential(norm2d(norm, channels[i]), nn.ReLU(), _halving(channels[i], channels[i + 1]))
        self.noise = nn.Linear(inputs, channels[-1])
        self.middle = nn.Sequential(*(_Block(channels[-1], 1 + i % 2, norm) for i in range(blocks)))
        self.end = nn.Sequential()
        for i in reversed(range(ups)):
            self.end += nn.Sequential(norm2d(norm, channels[i + 1]), nn.ReLU(), _doubling(channels[i + 1], channels[i]))
        self.end += nn.Sequential(norm2d(norm, width), nn.ReLU(), nn.Conv2d(width, shape[0], 3, 1, 1), nn.Tanh())

    def forward(self, z: Tensor, shown: Tensor) -> Tensor:
        x = self.start(shown) + self.noise(z)[:, :, None, None]
        images: Tensor = self.end(self.middle(x))
        return images


def _halving(before: int, after: int) -> nn.Module:
    return nn.Conv2d(before, after, 4, 2, 1)


def _doubling(before: int, after: int) -> nn.Module:
    return nn.ConvTranspose2d(before, after, 4, 2, 1)
