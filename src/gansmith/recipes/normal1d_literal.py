"""The 1-D example to the letter: one linear layer as G, which can match two moments of N(5, 1) and not its shape."""

from gansmith.data import Source
from gansmith.dynamics import Alternating
from gansmith.games.optimizers import Adam
from gansmith.generators import Prior
from gansmith.networks import MLP
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import Training
from gansmith.terms import Adversarial


def normal1d_literal() -> Recipe:
    """The 1-D example to the letter: a generator of one linear layer, which can match two moments and not the shape.

    G(z) = wz + b of U[−8, 8] against a discriminator of four layers, whose cost is scaled by ½ as in Goodfellow 2016,
    "NIPS 2016 tutorial: generative adversarial networks", arXiv 1701.00160, equation 8. D moves four times for each
    move of G, so that it stays near its best; `gansmith.theory.linear_generator` tells where that ends.
    """
    return Recipe(
        "normal1d-literal",
        source=Source("normal"),
        vectors=MLP(64, 0, 3, discriminator_activation="silu"),
        prior=Prior(1, "uniform", noise_scale=8.0),
        terms=(Adversarial(discriminator_scale=0.5),),
        dynamics=Alternating(4, reuse=False),
        players={
            "discriminator": Adam(3e-3, (0.9, 0.999), schedule="cosine", lr_final=0.1),
            "generator": Adam(1e-2, (0.5, 0.9), schedule="cosine"),
        },
        training=Training(batch=256, steps=2000, ema=0.99),
    )
