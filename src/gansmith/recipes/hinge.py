"""The hinge GAN: the discriminator stops caring about samples beyond its margin."""

from gansmith.games.optimizers import Adam
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import ON_VECTORS
from gansmith.terms import Adversarial
from gansmith.terms.losses import Hinge


def hinge() -> Recipe:
    """The hinge GAN: the discriminator stops caring about samples beyond its margin.

    Lim, Ye 2017, "Geometric GAN", arXiv 1705.02894.
    """
    return Recipe(
        "hinge",
        terms=(Adversarial(Hinge()),),
        players={"discriminator": Adam(2e-4, (0.5, 0.999)), "generator": Adam(2e-4, (0.5, 0.999))},
        by_data=ON_VECTORS,
        bounds={
            "ring": {"modes": 8, "high quality": 0.94},
            "grid": {"modes": 23, "high quality": 0.65},
            "digits": {"fid": 1.9},
        },
    )
