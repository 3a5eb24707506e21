"""Unrolled GAN: the generator answers the discriminator it will meet."""

from gansmith.dynamics import Unrolled
from gansmith.games.optimizers import Adam
from gansmith.networks import DCGAN
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import ON_VECTORS, Training


def unrolled() -> Recipe:
    """Unrolled GAN: the generator answers the discriminator it will meet, k steps ahead.

    Metz et al. 2017, arXiv 1611.02163: the generator's gradient passes through k = 5 steps of the discriminator, here
    of plain gradient descent with a step size η of its own. η times the largest curvature of the discriminator's cost
    must stay below 2, or the steps ahead diverge and the generator answers a discriminator that never comes: on the
    ring, where curvature is in the hundreds, η = 0.01 leaves no mode of 8, and 0.003 finds all of them.
    """
    return Recipe(
        "unrolled",
        network=DCGAN(discriminator_norm="none"),
        dynamics=Unrolled(5, 0.01),
        players={"discriminator": Adam(2e-4, (0.5, 0.999)), "generator": Adam(1e-3, (0.5, 0.999))},
        training=Training(batch=64, steps=1000),
        by_data={**ON_VECTORS, "vectors": {**ON_VECTORS["vectors"], "unrolled_lr": 0.003, "steps": 2000}},
        bounds={
            "ring": {"modes": 8, "high quality": 0.6},
            "grid": {"modes": 23, "high quality": 0.05},
            "digits": {"fid": 2.7},
        },
    )
