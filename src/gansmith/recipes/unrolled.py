"""Unrolled GAN: the generator answers the discriminator it will meet."""

from gansmith.dynamics import Unrolled
from gansmith.games.optimizers import Adam
from gansmith.networks import DCGAN
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import ON_VECTORS, Training


def unrolled() -> Recipe:
    """Unrolled GAN: the generator answers the discriminator it will meet, k steps ahead.

    Metz et al. 2017, arXiv 1611.02163: the generator's gradient passes through k = 5 steps of the discriminator, here
    of plain gradient descent with a step size of its own.
    """
    return Recipe(
        "unrolled",
        network=DCGAN(discriminator_norm="none"),
        dynamics=Unrolled(5, 0.1),
        players={"discriminator": Adam(2e-5, (0.5, 0.999)), "generator": Adam(2e-4, (0.5, 0.999))},
        training=Training(batch=64, steps=1000),
        by_data={**ON_VECTORS, "vectors": {**ON_VECTORS["vectors"], "steps": 1500}},
    )
