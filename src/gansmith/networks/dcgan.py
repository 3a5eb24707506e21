"""DCGAN: all convolutions.

Radford, Metz, Chintala 2016, "Unsupervised representation learning with deep convolutional generative adversarial
networks", arXiv 1511.06434. The paper's rules: strided and fractionally strided convolutions instead of pooling;
batch norm everywhere but at the generator's output and the discriminator's input; no hidden fully connected layers;
ReLU and a final tanh in the generator, leaky ReLU (0.2) in the discriminator; weights from N(0, 0.02²).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from torch import Tensor, nn

from gansmith.networks.fast_layers import FromVector, LeakyReLU, ToVector
from gansmith.networks.layers import draw_weights, minibatch_layer, norm2d
from gansmith.networks.output import DiscriminatorOutput
from gansmith.networks.sides import halvings


class DCGANGenerator(nn.Module):
    """z (N, latent) → images (N, C, S, S) in [−1, 1], S one of 8, 16, 32, 64, 128.

    Args:
        latent: dimensions of z.
        shape: (C, S, S).
        width: channels of the layer before the image; 4×4 maps have width · 2^(log₂ S − 3).
        norm: batch or none.
        more: layers without weights behind every hidden one.
    """

    def __init__(
        self, latent: int, shape: tuple[int, ...], width: int = 32, norm: str = "batch", more: Sequence[nn.Module] = ()
    ) -> None:
        super().__init__()
        doublings = halvings(shape[-1], "dcgan")
        channels = [width * 2**i for i in reversed(range(doublings))]
        bias = norm == "none"
        body: list[nn.Module] = [FromVector(latent, channels[0], 4, 1, 0, bias=bias)]
        for before, after in itertools.pairwise(channels):
            body += [norm2d(norm, before), nn.ReLU(inplace=True), *more]
            body.append(nn.ConvTranspose2d(before, after, 4, 2, 1, bias=bias))
        body += [norm2d(norm, width), nn.ReLU(inplace=True), *more]
        body += [nn.ConvTranspose2d(width, shape[0], 4, 2, 1), nn.Tanh()]
        self.body = nn.Sequential(*body)
        draw_weights(self)

    def forward(self, z: Tensor) -> Tensor:
        x: Tensor = self.body(z[:, :, None, None])
        return x


class DCGANDiscriminator(nn.Module):
    """Images (N, C, S, S) → scores (N,) and the 4×4 maps, flattened, as features."""

    per_sample = True

    def __init__(self, shape: tuple[int, ...], width: int = 32, norm: str = "batch", minibatch: str = "none") -> None:
        super().__init__()
        channels = [width * 2**i for i in range(halvings(shape[-1], "dcgan"))]
        bias = norm == "none"
        body: list[nn.Module] = [nn.Conv2d(shape[0], channels[0], 4, 2, 1), LeakyReLU(0.2, inplace=True)]
        for before, after in itertools.pairwise(channels):
            body += [nn.Conv2d(before, after, 4, 2, 1, bias=bias), norm2d(norm, after), LeakyReLU(0.2, inplace=True)]
        self.features = nn.Sequential(*body)
        self.feature_count = channels[-1] * 16
        self.spread, extra = minibatch_layer(minibatch, self.feature_count)
        self.head = ToVector(channels[-1] + extra, 1, 4, 1, 0)
        draw_weights(self)

    def forward(self, x: Tensor) -> DiscriminatorOutput:
        features = self.features(x)
        return DiscriminatorOutput(self.head(self.spread(features)).flatten(), features.flatten(1))


def encoder(shape: tuple[int, ...], width: int, norm: str, outputs: int) -> nn.Module:
    """Return a discriminator's convolutions that end in numbers: images (N, C, S, S) → (N, outputs)."""
    convolutions = DCGANDiscriminator(shape, width, norm).features
    channels = width * 2 ** (halvings(shape[-1], "dcgan") - 1)
    return nn.Sequential(convolutions, nn.Conv2d(channels, outputs, 4), nn.Flatten())
