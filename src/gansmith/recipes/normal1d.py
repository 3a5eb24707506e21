"""The 1-D example: learn N(5, 1) from noise U[−8, 8]."""

from gansmith.data import Source
from gansmith.dynamics import Alternating
from gansmith.games.optimizers import Adam
from gansmith.generators import Prior
from gansmith.networks import MLP
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import Training
from gansmith.terms import Adversarial
from gansmith.terms.losses import Minimax


def normal1d() -> Recipe:
    """The 1-D example: learn N(5, 1) from noise U[−8, 8].

    A generator of three hidden layers against a discriminator of four layers, whose cost is scaled by ½ as in
    Goodfellow 2016, "NIPS 2016 tutorial: generative adversarial networks", arXiv 1701.00160, equation 8. G's
    cost is minimax, equation 10: where samples are missing D is near 1, and there log(1 − D) is steep and −log D is
    flat. D moves eight times for each move of G, so that it stays near D*.
    """
    return Recipe(
        "normal1d",
        source=Source("normal"),
        vectors=MLP(64, generator_activation="leaky_relu", noise_gain=0.125),
        prior=Prior(1, "uniform", noise_scale=8.0),
        terms=(Adversarial(Minimax(), discriminator_scale=0.5),),
        dynamics=Alternating(8, reuse=False),
        players={
            "discriminator": Adam(2e-3, (0.9, 0.999), schedule="cosine"),
            "generator": Adam(1e-3, (0.9, 0.999), schedule="cosine"),
        },
        training=Training(batch=1024, steps=8000),
        bounds={"normal": {"W1": 0.05, "V + log 4": 0.02}},
    )
