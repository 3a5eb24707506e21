"""Attribute GAN: a second discriminator checks that the attributes are there."""

from gansmith.games.optimizers import Adam
from gansmith.networks import Conditioning
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import Training
from gansmith.terms import Adversarial, AuxiliaryClassifier


def attribute_gan() -> Recipe:
    """Attribute GAN: attributes go in with the noise, and a second discriminator checks that they are there.

    The auxiliary classifier of Odena et al. 2017, arXiv 1610.09585, for attributes that do not exclude each other, as
    in He et al. 2019 (AttGAN), arXiv 1711.10678: a network of its own learns them from real samples alone, and the
    generator's cost has its cross entropy on fakes.
    """
    return Recipe(
        "attribute-gan",
        conditioning=Conditioning("attributes"),
        terms=(Adversarial(), AuxiliaryClassifier("network")),
        players={"discriminator": Adam(2e-4, (0.5, 0.999)), "generator": Adam(2e-4, (0.5, 0.999))},
        training=Training(batch=100, steps=1500),
    )
