"""From a family and its options to generator, discriminator and what reads conditions back."""

from __future__ import annotations

from typing import Any

from torch import nn

from gansmith.conditions import Condition
from gansmith.errors import GansmithError
from gansmith.networks.answering import Answering
from gansmith.networks.conditional import (
    ConcatDiscriminator,
    ConditionalGenerator,
    ConditionClassifier,
    Embedding,
    PairScore,
    ProjectionDiscriminator,
    Recognition,
    joined_shape,
)
from gansmith.networks.layers import MinibatchStddev, with_spectral_norm
from gansmith.networks.minibatch import MinibatchDiscrimination, MinibatchDistances
from gansmith.networks.options import Conditioning, DiscriminatorOptions
from gansmith.networks.packed import Packed
from gansmith.settings import name_of

Family = Any
Shape = tuple[int, ...]
NOTHING, UNCONDITIONAL, USUAL = Condition(), Conditioning(), DiscriminatorOptions()


def build_generator(
    family: Family, latent: int, shape: Shape, condition: Condition = NOTHING, how: Conditioning = UNCONDITIONAL
) -> nn.Module:
    """Return a generator of samples of this shape: (D,) vectors or (C, H, W) images.

    With a condition it takes (z, c), without one z alone.

    Args:
        family: see `gansmith.networks.families`.
        latent: dimensions of z.
        condition: the layout of what it is asked for.
        how: it takes the condition in.
    """
    if condition.view:
        return _answering(family, latent, shape, condition, how)
    if not condition.size:
        return family.generator(latent, shape)  # type: ignore[no-any-return]
    embedding = Embedding(condition.size, how.embedding)
    generator = family.generator(latent + embedding.numbers, shape)
    return ConditionalGenerator(generator, embedding, how.conditional_norm)


def _answering(family: Family, latent: int, shape: Shape, condition: Condition, how: Conditioning) -> nn.Module:
    """Return a generator that answers what it is shown; codes join the noise as they are."""
    if not hasattr(family, "answerer"):
        raise GansmithError(
            f"{type(family).__name__} takes noise alone, and seen = {name_of(how.seen)} shows it pictures: "
            "use --network image-to-image, or --seen nothing"
        )
    network = family.answerer(latent + condition.size - condition.seen, condition.view, shape)
    return Answering(network, condition.view, how.seen.kept)


def build_discriminator(
    family: Family,
    shape: Shape,
    condition: Condition = NOTHING,
    how: Conditioning = UNCONDITIONAL,
    options: DiscriminatorOptions = USUAL,
) -> nn.Module:
    """Return a discriminator of samples of this shape; it takes (x, c) if it is conditional, else x alone."""

    def plain(shape: Shape) -> nn.Module:
        if not options.autoencoder:
            return family.discriminator(shape, options.minibatch)  # type: ignore[no-any-return]
        if not hasattr(family, "autoencoder"):
            raise GansmithError(f"autoencoder: {type(family).__name__} builds none, use --network dcgan or mlp")
        return family.autoencoder(shape, options.code)  # type: ignore[no-any-return]

    discriminator: nn.Module
    if condition.given and how.discriminator_condition == "concat":
        whole = plain(joined_shape(shape, condition.given, how.embedding))
        discriminator = ConcatDiscriminator(whole, shape, condition.given, how.embedding)
    elif condition.given and how.discriminator_condition == "projection":
        discriminator = ProjectionDiscriminator(plain(shape), condition.given)
    elif options.pack > 1:
        discriminator = Packed(plain((options.pack * shape[0], *shape[1:])), options.pack)
    else:
        discriminator = plain(shape)
    return with_spectral_norm(discriminator) if options.spectral_norm else discriminator


def build_classifier(discriminator: nn.Module, condition: Condition, own: nn.Module | None = None) -> nn.Module:
    """Return what reads labels and attributes from the features of a discriminator, or of a network of its own."""
    return ConditionClassifier(feature_count(discriminator if own is None else own), condition, own)


def build_recognition(discriminator: nn.Module, condition: Condition) -> nn.Module:
    """Return what reads the codes from a discriminator's features."""
    return Recognition(feature_count(discriminator), condition)


def build_pairs(discriminator: nn.Module, numbers: int) -> nn.Module:
    """Return what scores pairs of a sample, by a discriminator's features, and numbers."""
    return PairScore(feature_count(discriminator), numbers)


def feature_count(discriminator: nn.Module) -> int:
    """Return how many features a discriminator tells, or ask for them."""
    count = getattr(discriminator, "feature_count", None)
    if not isinstance(count, int):
        raise GansmithError(
            "a head reads the discriminator's features: let your own discriminator return "
            "DiscriminatorOutput(logits, features) and give it an attribute feature_count"
        )
    return count


MIXING = (
    *(nn.BatchNorm1d, nn.BatchNorm2d, MinibatchStddev, MinibatchDiscrimination, MinibatchDistances),
    nn.utils.parametrize.ParametrizationList,  # spectral norm goes on with its power iteration at every pass
)


def judges_alone(discriminator: nn.Module) -> bool:
    """Tell whether a discriminator says the same of a sample whatever comes with it, and however often it is asked.

    A network says so of itself by an attribute `per_sample`, which layers that mix samples overrule.
    """
    mixes = any(isinstance(layer, MIXING) for layer in discriminator.modules())
    return getattr(discriminator, "per_sample", False) and not mixes
