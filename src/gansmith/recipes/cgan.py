"""Conditional GAN: both networks take the label."""

from gansmith.games.optimizers import Adam
from gansmith.networks import MLP, Conditioning
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import Training
from gansmith.terms import R1, Adversarial


def cgan() -> Recipe:
    """Conditional GAN: both networks take the label.

    Mirza, Osindero 2014, arXiv 1411.1784: labels join the noise and the discriminator's input through an embedding.
    Fully connected players with non-saturating costs; R1 keeps small sets from being learnt by heart.
    """
    return Recipe(
        "cgan",
        network=MLP(256),
        vectors=MLP(256),
        conditioning=Conditioning("labels", "concat"),
        terms=(Adversarial(), R1(0.1)),
        players={"discriminator": Adam(2e-4, (0.5, 0.999)), "generator": Adam(2e-4, (0.5, 0.999))},
        training=Training(batch=100, steps=3000),
    )
