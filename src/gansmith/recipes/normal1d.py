"""The 1-D example: learn N(5, 1) from noise U[−8, 8]."""

from gansmith.data import Source
from gansmith.dynamics import Alternating
from gansmith.games.optimizers import Adam
from gansmith.generators import Prior
from gansmith.networks import MLP
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import Training
from gansmith.terms import Adversarial


def normal1d() -> Recipe:
    """The 1-D example: learn N(5, 1) from noise U[−8, 8].

    A generator of one hidden layer against a discriminator of four layers, whose cost is scaled by ½ as in Goodfellow
    2016, "NIPS 2016 tutorial: generative adversarial networks", arXiv 1701.00160, equation 8.
    """
    return Recipe(
        "normal1d",
        source=Source("normal"),
        vectors=MLP(64, 1, 3, "tanh", "tanh"),
        prior=Prior(1, "uniform", noise_scale=8.0),
        terms=(Adversarial(discriminator_scale=0.5),),
        dynamics=Alternating(reuse=False),
        players={"discriminator": Adam(1e-3, (0.5, 0.999)), "generator": Adam(3e-4, (0.5, 0.999))},
        training=Training(batch=256, steps=5000),
    )
