"""Attribute GAN: a second discriminator checks that the attributes are there."""

from gansmith.games.optimizers import Adam
from gansmith.networks import Conditioning
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import Training
from gansmith.terms import R1, Adversarial, AuxiliaryClassifier


def attribute_gan() -> Recipe:
    """Attribute GAN: attributes go in with the noise, and a second discriminator checks that they are there.

    The auxiliary classifier of Odena et al. 2017, arXiv 1610.09585, for attributes that do not exclude each other, as
    in He et al. 2019 (AttGAN), arXiv 1711.10678: a network of its own learns them from real samples alone, and the
    generator's cost has its cross entropy on fakes. As that network can learn a small set by heart, the discriminator
    takes the attributes too, by projection (Miyato, Koyama 2018, arXiv 1802.05637), and is held by R1.
    """
    return Recipe(
        "attribute-gan",
        conditioning=Conditioning("attributes", "projection"),
        terms=(Adversarial(), R1(0.1), AuxiliaryClassifier("network", generator_weight=5.0)),
        players={"discriminator": Adam(2e-4, (0.5, 0.999)), "generator": Adam(2e-4, (0.5, 0.999))},
        training=Training(batch=100, steps=3000),
        paper={"generator_weight": 10.0, "discriminator_condition": "none", "r1": 0.0},
        bounds={"digits": {"bold": 0.95, "leaning": 0.95, "even": 0.95, "least diverse corner": 0.7}},
    )
