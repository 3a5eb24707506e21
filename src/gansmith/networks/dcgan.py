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

from gansmith.networks.fast_layers import FromVector, ToVector
from gansmith.networks.layers import draw_weights, map_activation, minibatch_layer, norm2d, pieces
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
        constant: give 4×4 maps width channels too.
        act: activation of every hidden layer.
    """

    def __init__(
        self,
        latent: int,
        shape: tuple[int, ...],
        width: int = 32,
        norm: str = "batch",
        more: Sequence[nn.Module] = (),
        constant: bool = False,
        act: str = "relu",
    ) -> None:
        super().__init__()
        channels = [width * (1 if constant else 2**i) for i in reversed(range(halvings(shape[2], "dcgan")))]
        bias, each = norm == "none", pieces(act)
        body: list[nn.Module] = [FromVector(latent, each * channels[0], 4, 1, 0, bias=bias)]
        for before, after in itertools.pairwise(channels):
            body += [norm2d(norm, each * before), map_activation(act), *more]
            body.append(nn.ConvTranspose2d(before, each * after, 4, 2, 1, bias=bias))
        body += [norm2d(norm, each * width), map_activation(act), *more]
        body += [nn.ConvTranspose2d(width, shape[0], 4, 2, 1), nn.Tanh()]
        self.body = nn.Sequential(*body)
        draw_weights(self)

    def forward(self, z: Tensor) -> Tensor:
        x: Tensor = self.body(z[:, :, None, None])
        return x


class DCGANDiscriminator(nn.Module):
    """Images (N, C, S, S) → scores (N,) and the 4×4 maps, flattened, as features."""

    per_sample = True

    def __init__(
        self,
        shape: tuple[int, ...],
        width: int = 32,
        norm: str = "batch",
        minibatch: str = "none",
        act: str = "leaky_relu",
    ) -> None:
        super().__init__()
        channels = [width * 2**i for i in range(halvings(shape[2], "dcgan"))]
        bias, each = norm == "none", pieces(act)
        body: list[nn.Module] = [nn.Conv2d(shape[0], each * channels[0], 4, 2, 1), map_activation(act)]
        for before, after in itertools.pairwise(channels):
            body += [nn.Conv2d(before, each * after, 4, 2, 1, bias=bias), norm2d(norm, each * after)]
            body.append(map_activation(act))
        self.features = nn.Sequential(*body)
        self.feature_count = channels[-1] * 16
        self.spread, extra = minibatch_layer(minibatch, self.feature_count)
        self.head = ToVector(channels[-1] + extra, 1, 4, 1, 0)
        draw_weights(self)

    def forward(self, x: Tensor) -> DiscriminatorOutput:
        features = self.features(x)
        return DiscriminatorOutput(self.head(self.spread(features)).flatten(), features.flatten(1))


def encoder(shape: tuple[int, ...], width: int, norm: str, outputs: int, act: str = "leaky_relu") -> nn.Module:
    """Return a discriminator's convolutions that end in numbers: images (N, C, S, S) → (N, outputs)."""
    convolutions = DCGANDiscriminator(shape, width, norm, act=act).features
    channels = width * 2 ** (halvings(shape[2], "dcgan") - 1)
    return nn.Sequential(convolutions, nn.Conv2d(channels, outputs, 4), nn.Flatten())
