"""Families of networks: settings that build generator and discriminator alike.

A family has `generator(inputs, shape)` and `discriminator(shape, minibatch)`; it may have `encoder(shape, outputs)`,
`autoencoder(shape, code)`, `fit(side)`, the side at which it trains on images of some side, and `check_side(side)`.
The modules stand in a file beside this one and are imported when they are built.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from gansmith.networks.sides import halvings, quarter
from gansmith.settings import Count, Fraction, Index, Kind, Positive, Weight

if TYPE_CHECKING:
    from torch import nn

Shape = tuple[int, ...]
Activation = Literal["relu", "leaky_relu", "tanh", "softplus", "elu", "gelu", "silu", "maxout"]
Norm = Literal["batch", "none"]
When = Literal["training", "always"]
DiscriminatorNorm = Literal["batch", "layer", "none"]


def _next_power(side: int) -> int:
    return min(128, max(16, 1 << (side - 1).bit_length()))  # 8 on request alone: one doubling is too shallow


@dataclass(frozen=True)
class MLP:
    """Fully connected networks, for vectors and for images of any size."""

    hidden: Count = 128
    """Units of each hidden layer, and of the fully connected layers of infogan."""
    generator_layers: Index = 3
    """Hidden layers of an mlp generator."""
    discriminator_layers: Index = 3
    """Hidden layers of an mlp discriminator."""
    generator_activation: Activation = "relu"
    """Activation of an mlp generator."""
    discriminator_activation: Activation = "leaky_relu"
    """Activation of an mlp discriminator."""
    generator_norm: Norm = "none"
    """Normalisation in the generator."""
    noise_gain: Positive = 1.0
    """Factor on the noise where it enters an mlp generator: 0.125 brings U[-8, 8] to the [-1, 1] that layers like."""
    generator_noise: Weight = 0.0
    """Standard deviation of noise added to every hidden layer of the generator."""
    generator_dropout: Fraction = 0.0
    """Probability that a hidden unit of the generator is dropped."""
    disturb: When = "training"
    """When the generator's noise and dropout act: while it trains, or whenever it makes samples."""
    discriminator_dropout: Fraction = 0.0
    """Probability that a hidden unit of the discriminator is dropped, while it trains."""

    def generator(self, inputs: int, shape: Shape) -> nn.Module:
        from gansmith.networks.layers import disturbances
        from gansmith.networks.mlp import MLPGenerator

        more = disturbances(self.generator_noise, self.generator_dropout, self.disturb == "always")
        act, norm = self.generator_activation, self.generator_norm
        return MLPGenerator(inputs, shape, self.hidden, self.generator_layers, act, norm, more, self.noise_gain)

    def discriminator(self, shape: Shape, minibatch: str = "none") -> nn.Module:
        from gansmith.networks.layers import disturbances
        from gansmith.networks.mlp import MLPDiscriminator

        more = disturbances(0.0, self.discriminator_dropout)
        act = self.discriminator_activation
        return MLPDiscriminator(shape, self.hidden, self.discriminator_layers, act, minibatch, more)

    def encoder(self, shape: Shape, outputs: int) -> nn.Module:
        from gansmith.networks.mlp import MLPGenerator

        numbers, activation = math.prod(shape), self.discriminator_activation
        return MLPGenerator(numbers, (outputs,), self.hidden, self.discriminator_layers, activation)

    def autoencoder(self, shape: Shape, code: int) -> nn.Module:
        from gansmith.networks.autoencoder import EnergyDiscriminator
        from gansmith.networks.mlp import MLPGenerator

        code = min(code, max(1, math.prod(shape) // 2))
        encoder = self.encoder(shape, code)
        decoder = MLPGenerator(code, shape, self.hidden, self.discriminator_layers, self.discriminator_activation)
        return EnergyDiscriminator(encoder, decoder, code)


@dataclass(frozen=True)
class Fourier(MLP):
    """An mlp whose discriminator sees Fourier features beside its input. Tancik et al. 2020, arXiv 2006.10739."""

    frequencies: Count = 64
    """Random frequencies, of each of which the discriminator sees the sine and the cosine."""
    bandwidth: Positive = 1.0
    """Standard deviation of the frequencies, in periods per unit of a sample."""

    def discriminator(self, shape: Shape, minibatch: str = "none") -> nn.Module:
        from gansmith.networks.fourier import FourierDiscriminator, FourierFeatures

        numbers = math.prod(shape)
        fourier = FourierFeatures(numbers, self.frequencies, self.bandwidth)
        return FourierDiscriminator(fourier, super().discriminator((numbers + 2 * self.frequencies,), minibatch))


@dataclass(frozen=True)
class DCGAN:
    """All convolutions. Radford, Metz, Chintala 2016, arXiv 1511.06434."""

    width: Count = 32
    """Channels of the convolutional layer next to the image; doubled at each halving of the side."""
    generator_norm: Norm = "batch"
    """Normalisation in the generator."""
    discriminator_norm: DiscriminatorNorm = "batch"
    """Normalisation in a convolutional discriminator; a gradient penalty wants none or layer."""
    generator_noise: Weight = 0.0
    """Standard deviation of noise added to every hidden layer of the generator."""
    generator_dropout: Fraction = 0.0
    """Probability that a hidden unit of the generator is dropped."""
    disturb: When = "training"
    """When the generator's noise and dropout act: while it trains, or whenever it makes samples."""
    images_only: ClassVar[bool] = True

    def generator(self, inputs: int, shape: Shape) -> nn.Module:
        from gansmith.networks.dcgan import DCGANGenerator
        from gansmith.networks.layers import disturbances

        more = disturbances(self.generator_noise, self.generator_dropout, self.disturb == "always")
        return DCGANGenerator(inputs, shape, self.width, self.generator_norm, more)

    def discriminator(self, shape: Shape, minibatch: str = "none") -> nn.Module:
        from gansmith.networks.dcgan import DCGANDiscriminator

        return DCGANDiscriminator(shape, self.width, self.discriminator_norm, minibatch)

    def encoder(self, shape: Shape, outputs: int) -> nn.Module:
        from gansmith.networks.dcgan import encoder

        return encoder(shape, self.width, self.discriminator_norm, outputs)

    def autoencoder(self, shape: Shape, code: int) -> nn.Module:
        from gansmith.networks.autoencoder import EnergyDiscriminator

        return EnergyDiscriminator(self.encoder(shape, code), self.generator(code, shape), code)

    def fit(self, side: int) -> int:
        return _next_power(side)

    def check_side(self, side: int) -> None:
        halvings(side, "dcgan")


@dataclass(frozen=True)
class ResNet:
    """Residual networks in the style of SNGAN. Miyato et al. 2018, arXiv 1802.05957."""

    width: Count = 32
    """Channels of the convolutional layer next to the image; doubled at each halving of the side."""
    generator_norm: Norm = "batch"
    """Normalisation in the generator."""
    discriminator_norm: DiscriminatorNorm = "batch"
    """Normalisation in a convolutional discriminator; a gradient penalty wants none or layer."""
    images_only: ClassVar[bool] = True

    def generator(self, inputs: int, shape: Shape) -> nn.Module:
        from gansmith.networks.resnet import ResNetGenerator

        return ResNetGenerator(inputs, shape, self.width, self.generator_norm)

    def discriminator(self, shape: Shape, minibatch: str = "none") -> nn.Module:
        from gansmith.networks.resnet import ResNetDiscriminator

        return ResNetDiscriminator(shape, self.width, self.discriminator_norm, minibatch)

    def fit(self, side: int) -> int:
        return _next_power(side)

    def check_side(self, side: int) -> None:
        halvings(side, "resnet")


@dataclass(frozen=True)
class InfoGAN:
    """Two convolutions and a wide fully connected layer next to noise and score. Chen et al. 2016, arXiv 1606.03657."""

    width: Count = 32
    """Channels of the convolutional layer next to the image; doubled at each halving of the side."""
    hidden: Count = 128
    """Units of each hidden layer, and of the fully connected layers of infogan."""
    generator_norm: Norm = "batch"
    """Normalisation in the generator."""
    discriminator_norm: DiscriminatorNorm = "batch"
    """Normalisation in a convolutional discriminator; a gradient penalty wants none or layer."""
    images_only: ClassVar[bool] = True

    def generator(self, inputs: int, shape: Shape) -> nn.Module:
        from gansmith.networks.infogan import InfoGANGenerator

        return InfoGANGenerator(inputs, shape, self.width, self.hidden, self.generator_norm)

    def discriminator(self, shape: Shape, minibatch: str = "none") -> nn.Module:
        from gansmith.networks.infogan import InfoGANDiscriminator

        return InfoGANDiscriminator(shape, self.width, self.hidden, self.discriminator_norm, minibatch)

    def fit(self, side: int) -> int:
        return max(16, -(-side // 4) * 4)

    def check_side(self, side: int) -> None:
        quarter(side)


FAMILIES = Kind(
    "network", "generator", {"mlp": MLP, "fourier": Fourier, "dcgan": DCGAN, "resnet": ResNet, "infogan": InfoGAN}
)
