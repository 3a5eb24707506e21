"""WGAN: a critic with clipped weights estimates the earth mover's distance."""

from gansmith.dynamics import Alternating
from gansmith.games.optimizers import RMSprop
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import Training
from gansmith.terms import Adversarial
from gansmith.terms.losses import Wasserstein


def wgan() -> Recipe:
    """WGAN: a critic with clipped weights estimates the earth mover's distance.

    Arjovsky, Chintala, Bottou 2017, arXiv 1701.07875, Algorithm 1: RMSprop 5e-5, c = 0.01, n_critic = 5, batch 64.
    """
    return Recipe(
        "wgan",
        terms=(Adversarial(Wasserstein()),),
        dynamics=Alternating(n_critic=5, reuse=False),
        players={"discriminator": RMSprop(5e-5, weight_clip=0.01), "generator": RMSprop(5e-5)},
        training=Training(batch=64, steps=5000),
    )
