"""Networks: the two players of a GAN."""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import nn

from gansmith.conditions import Condition
from gansmith.config import Networks
from gansmith.errors import GansmithError
from gansmith.networks.autoencoder import EnergyDiscriminator
from gansmith.networks.conditional import (
    Checker,
    ConcatDiscriminator,
    ConditionalGenerator,
    Decoder,
    Embedding,
    ProjectionDiscriminator,
    joined_shape,
)
from gansmith.networks.dcgan import DCGANDiscriminator, DCGANGenerator
from gansmith.networks.infogan import InfoGANDiscriminator, InfoGANGenerator
from gansmith.networks.judgement import Judgement
from gansmith.networks.layers import MinibatchStddev, halvings, with_spectral_norm
from gansmith.networks.minibatch import MinibatchDiscrimination, MinibatchDistances
from gansmith.networks.mlp import MLPDiscriminator, MLPGenerator
from gansmith.networks.packed import Packed
from gansmith.networks.resnet import ResNetDiscriminator, ResNetGenerator

__all__ = ["Judgement", "build_discriminator", "build_generator", "build_heads", "judges_alone"]

NOTHING = Condition()


def build_generator(networks: Networks, shape: Sequence[int], condition: Condition = NOTHING) -> nn.Module:
    """Return the generator that a recipe asks for, for samples of this shape: (D,) vectors or (C, H, W) images.

    With a condition it takes (z, c), without one z alone.
    """
    n, shape = networks, tuple(shape)
    if not condition.size:
        return _generator(n, n.latent, shape)
    embedding = Embedding(condition.size, n.embedding)
    generator = _generator(n, n.latent + embedding.numbers, shape)
    return ConditionalGenerator(generator, embedding, n.conditional_norm)


def _generator(n: Networks, inputs: int, shape: tuple[int, ...]) -> nn.Module:
    if len(shape) != 3 or n.network == "mlp":
        return MLPGenerator(inputs, shape, n.hidden, n.generator_layers, n.generator_activation)
    if n.network == "infogan":
        return InfoGANGenerator(inputs, shape, n.width, n.hidden, n.generator_norm)
    family = DCGANGenerator if n.network == "dcgan" else ResNetGenerator
    return family(inputs, shape, n.width, n.generator_norm)


def build_discriminator(networks: Networks, shape: Sequence[int], condition: Condition = NOTHING) -> nn.Module:
    """Return the discriminator that a recipe asks for, for samples of this shape.

    It takes (x, c) if the recipe tells it the condition, else x alone.
    """
    n, shape = networks, tuple(shape)
    discriminator: nn.Module
    if condition.given and n.discriminator_condition == "concat":
        whole = _discriminator(n, joined_shape(shape, condition.given, n.embedding))
        discriminator = ConcatDiscriminator(whole, shape, condition.given, n.embedding)
    elif condition.given and n.discriminator_condition == "projection":
        discriminator = ProjectionDiscriminator(_discriminator(n, shape), condition.given)
    elif n.pack > 1:
        discriminator = Packed(_discriminator(n, (n.pack * shape[0], *shape[1:])), n.pack)
    else:
        discriminator = _discriminator(n, shape)
    return with_spectral_norm(discriminator) if n.spectral_norm else discriminator


def build_heads(
    networks: Networks, shape: Sequence[int], condition: Condition, discriminator: nn.Module
) -> dict[str, nn.Module]:
    """Return what reads the condition back: a "checker" of labels and attributes, a "decoder" of codes."""
    heads: dict[str, nn.Module] = {}
    if condition.given and networks.auxiliary == "head":
        heads["checker"] = Checker(_feature_count(discriminator), condition)
    elif condition.given and networks.auxiliary == "network":
        own = _discriminator(networks, tuple(shape))
        heads["checker"] = Checker(_feature_count(own), condition, own)
    if condition.codes:
        heads["decoder"] = Decoder(_feature_count(discriminator), condition)
    return heads


MIXING = (
    *(nn.BatchNorm1d, nn.BatchNorm2d, MinibatchStddev, MinibatchDiscrimination, MinibatchDistances),
    nn.utils.parametrize.ParametrizationList,  # spectral norm goes on with its power iteration at every pass
)


def judges_alone(discriminator: nn.Module) -> bool:
    """Tell whether a discriminator says the same of a sample whatever comes with it, and however often it is asked.

    Of networks that are not ours nothing is known, and the answer is no.
    """
    ours = MLPDiscriminator | DCGANDiscriminator | ResNetDiscriminator | InfoGANDiscriminator
    return isinstance(discriminator, ours) and not any(isinstance(m, MIXING) for m in discriminator.modules())


def _feature_count(discriminator: nn.Module) -> int:
    count = getattr(discriminator, "feature_count", None)
    if not isinstance(count, int):
        raise GansmithError(
            "a head reads the discriminator's features: let your own discriminator return Judgement(score, features) "
            "and give it an attribute feature_count"
        )
    return count


def _discriminator(n: Networks, shape: tuple[int, ...]) -> nn.Module:
    is_mlp = len(shape) != 3 or n.network == "mlp"
    if n.autoencoder:
        return _autoencoder(n, shape, is_mlp)
    if is_mlp:
        return MLPDiscriminator(shape, n.hidden, n.discriminator_layers, n.discriminator_activation, n.minibatch)
    if n.network == "infogan":
        return InfoGANDiscriminator(shape, n.width, n.hidden, n.discriminator_norm, n.minibatch)
    family = DCGANDiscriminator if n.network == "dcgan" else ResNetDiscriminator
    return family(shape, n.width, n.discriminator_norm, n.minibatch)


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
        code = n.hidden
        encoder = nn.Sequential(convolutions, nn.Conv2d(channels, n.hidden, 4), nn.Flatten())
        decoder = DCGANGenerator(n.hidden, shape, n.width, n.generator_norm)
    return EnergyDiscriminator(encoder, decoder, code)
