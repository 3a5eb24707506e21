"""Pairs of networks that make training hard, as settings. Gulrajani et al. 2017, arXiv 1704.00028, figure 2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from gansmith.networks.convolutional import DiscriminatorNorm, next_power
from gansmith.networks.fully_connected import Activation, Norm, Shape
from gansmith.networks.sides import halvings
from gansmith.settings import Count, Index

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class MLPAndDCGAN:
    """A fully connected generator against DCGAN's discriminator."""

    hidden: Count = 512
    """Units of each hidden layer, and of the fully connected layers of infogan."""
    generator_layers: Index = 4
    """Hidden layers of an mlp generator."""
    generator_activation: Activation = "relu"
    """Activation of the generator, an mlp or dcgan."""
    width: Count = 32
    """Channels of the convolutional layer next to the image; doubled at each halving of the side."""
    discriminator_norm: DiscriminatorNorm = "batch"
    """Normalisation in a convolutional discriminator; a gradient penalty wants none or layer."""
    discriminator_activation: Activation = "leaky_relu"
    """Activation of the discriminator, an mlp or dcgan."""
    images_only: ClassVar[bool] = True

    def generator(self, inputs: int, shape: Shape) -> nn.Module:
        from gansmith.networks.mlp import MLPGenerator

        return MLPGenerator(inputs, shape, self.hidden, self.generator_layers, self.generator_activation)

    def discriminator(self, shape: Shape, minibatch: str = "none") -> nn.Module:
        from gansmith.networks.dcgan import DCGANDiscriminator

        act = self.discriminator_activation
        return DCGANDiscriminator(shape, self.width, self.discriminator_norm, minibatch, act)

    def fit(self, side: int) -> int:
        return next_power(side)

    def check_side(self, side: int) -> None:
        halvings(side, "mlp-and-dcgan")


@dataclass(frozen=True)
class Bottleneck:
    """Very deep, narrow residual networks, 3 depth + 2 layers on either side: 101 with the usual depth."""

    channels: Count = 16
    """Channels of every block; half as many inside it."""
    depth: Count = 33
    """Residual blocks of three convolutions in either network."""
    generator_norm: Norm = "batch"
    """Normalisation in the generator."""
    discriminator_norm: DiscriminatorNorm = "batch"
    """Normalisation in a convolutional discriminator; a gradient penalty wants none or layer."""
    images_only: ClassVar[bool] = True

    def generator(self, inputs: int, shape: Shape) -> nn.Module:
        from gansmith.networks.bottleneck import BottleneckGenerator

        return BottleneckGenerator(inputs, shape, self.channels, self.depth, self.generator_norm)

    def discriminator(self, shape: Shape, minibatch: str = "none") -> nn.Module:
        from gansmith.networks.bottleneck import BottleneckDiscriminator

        return BottleneckDiscriminator(shape, self.channels, self.depth, self.discriminator_norm, minibatch)

    def fit(self, side: int) -> int:
        return next_power(side)

    def check_side(self, side: int) -> None:
        halvings(side, "bottleneck")
