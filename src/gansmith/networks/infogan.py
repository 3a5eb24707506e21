"""InfoGAN's players for small images: two convolutions, and a wide fully connected layer next to the noise and score.

Chen et al. 2016, "InfoGAN", arXiv 1606.03657, appendix C.1: in the generator 1,024 units, then maps of a quarter of
the side, doubled twice; in the discriminator the same backwards. Batch norm everywhere but at the generator's output
and the discriminator's input, ReLU in the one, leaky ReLU (0.1) in the other.
"""

from __future__ import annotations

from torch import Tensor, nn

from gansmith.networks.fast_layers import LeakyReLU
from gansmith.networks.layers import draw_weights, minibatch_layer, norm1d, norm2d
from gansmith.networks.output import DiscriminatorOutput
from gansmith.networks.sides import quarter


class InfoGANGenerator(nn.Module):
    """z (N, latent) → images (N, C, S, S) in [−1, 1], S a multiple of 4.

    Args:
        latent: dimensions of z, codes included.
        shape: (C, S, S).
        width: channels of the layer before the image (64 in the paper); the one before it has twice as many.
        hidden: units of the fully connected layer (1,024 in the paper).
        norm: batch or none.
    """

    def __init__(
        self, latent: int, shape: tuple[int, ...], width: int = 64, hidden: int = 1024, norm: str = "batch"
    ) -> None:
        super().__init__()
        side, maps = quarter(shape[2]), 2 * width
        self.body = nn.Sequential(
            *(nn.Linear(latent, hidden), norm1d(norm, hidden), nn.ReLU()),
            *(nn.Linear(hidden, maps * side**2), norm1d(norm, maps * side**2), nn.ReLU()),
            nn.Unflatten(1, (maps, side, side)),
            *(nn.ConvTranspose2d(maps, width, 4, 2, 1), norm2d(norm, width), nn.ReLU()),
            *(nn.ConvTranspose2d(width, shape[0], 4, 2, 1), nn.Tanh()),
        )
        draw_weights(self)

    def forward(self, z: Tensor) -> Tensor:
        x: Tensor = self.body(z)
        return x


class InfoGANDiscriminator(nn.Module):
    """Images (N, C, S, S) → scores (N,) and the fully connected layer as features."""

    per_sample = True

    def __init__(
        self,
        shape: tuple[int, ...],
        width: int = 64,
        hidden: int = 1024,
        norm: str = "batch",
        minibatch: str = "none",
    ) -> None:
        super().__init__()
        side, maps = quarter(shape[2]), 2 * width
        self.features = nn.Sequential(
            *(nn.Conv2d(shape[0], width, 4, 2, 1), LeakyReLU(0.1, inplace=True)),
            *(nn.Conv2d(width, maps, 4, 2, 1), norm2d(norm, maps), LeakyReLU(0.1, inplace=True)),
            *(nn.Flatten(), nn.Linear(maps * side**2, hidden), norm1d(norm, hidden), LeakyReLU(0.1, inplace=True)),
        )
        self.feature_count = hidden
        self.spread, extra = minibatch_layer(minibatch, hidden)
        self.head = nn.Linear(hidden + extra, 1)
        draw_weights(self)

    def forward(self, x: Tensor) -> DiscriminatorOutput:
        features = self.features(x)
        return DiscriminatorOutput(self.head(self.spread(features)).squeeze(1), features)
