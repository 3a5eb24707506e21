"""Families of fully connected networks, as settings."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gansmith.settings import Count, Fraction, Index, Positive, Weight

if TYPE_CHECKING:
    from torch import nn

Shape = tuple[int, ...]
Activation = Literal["relu", "leaky_relu", "tanh", "softplus", "elu", "gelu", "silu", "maxout", "gated"]
Norm = Literal["batch", "none"]
When = Literal["training", "always"]


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
    """Activation of the generator, an mlp or dcgan."""
    discriminator_activation: Activation = "leaky_relu"
    """Activation of the discriminator, an mlp or dcgan."""
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
