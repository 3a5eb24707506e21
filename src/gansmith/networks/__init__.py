"""Networks: the two players of a GAN."""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import nn

from gansmith.config import Networks
from gansmith.networks.autoencoder import EnergyDiscriminator
from gansmith.networks.dcgan import DCGANDiscriminator, DCGANGenerator
from gansmith.networks.judgement import Judgement
from gansmith.networks.layers import halvings, with_spectral_norm
from gansmith.networks.mlp import MLPDiscriminator, MLPGenerator
from gansmith.networks.resnet import ResNetDiscriminator, ResNetGenerator

__all__ = ["Judgement", "build_discriminator", "build_generator"]


def build_generator(networks: Networks, shape: Sequence[int]) -> nn.Module:
    """Return the generator that a recipe asks for, for samples of this shape: (D,) vectors or (C, H, W) images."""
    n, shape = networks, tuple(shape)
    if len(shape) != 3 or n.network == "mlp":
        return MLPGenerator(n.latent, shape, n.hidden, n.generator_layers, n.generator_activation)
    family = DCGANGenerator if n.network == "dcgan" else ResNetGenerator
    return family(n.latent, shape, n.width, n.generator_norm)


def build_discriminator(networks: Networks, shape: Sequence[int]) -> nn.Module:
    """Return the discriminator that a recipe asks for, for samples of this shape."""
    n, shape = networks, tuple(shape)
    is_mlp = len(shape) != 3 or n.network == "mlp"
    discriminator: nn.Module
    if n.autoencoder:
        discriminator = _autoencoder(n, shape, is_mlp)
    elif is_mlp:
        discriminator = MLPDiscriminator(
            shape, n.hidden, n.discriminator_layers, n.discriminator_activation, n.minibatch_stddev
        )
    else:
        family = DCGANDiscriminator if n.network == "dcgan" else ResNetDiscriminator
        discriminator = family(shape, n.width, n.discriminator_norm, n.minibatch_stddev)
    return with_spectral_norm(discriminator) if n.spectral_norm else discriminator


def _autoencoder(n: Networks, shape: tuple[int, ...], is_mlp: bool) -> EnergyDiscriminator:
    """Return encoder and decoder of the recipe's family, with a code of `hidden` numbers."""
    encoder: nn.Module
    decoder: nn.Module
    if is_mlp:
        code = min(n.hidden, max(1, math.prod(shape) // 2))
        encoder = MLPGenerator(math.prod(shape), (code,), n.hidden, n.discriminator_layers, n.discriminator_activation)
        decoder = MLPGenerator(code, shape, n.hidden, n.discriminator_layers, n.discriminator_activation)
    else:
        convolutions = DCGANDiscriminator(shape, n.width, n.discriminator_norm).features
        channels = n.width * 2 ** (halvings(shape[-1], "dcgan") - 1)
        encoder = nn.Sequential(convolutions, nn.Conv2d(channels, n.hidden, 4), nn.Flatten())
        decoder = DCGANGenerator(n.hidden, shape, n.width, n.generator_norm)
    return EnergyDiscriminator(encoder, decoder)
