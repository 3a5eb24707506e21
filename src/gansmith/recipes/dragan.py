"""DRAGAN: a gradient penalty in the neighbourhood of the data."""

from gansmith.games.optimizers import Adam
from gansmith.networks import DCGAN
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import ON_VECTORS
from gansmith.terms import Adversarial, Dragan


def dragan() -> Recipe:
    """DRAGAN: a gradient penalty in the neighbourhood of the data.

    Kodali et al. 2017, arXiv 1705.07215: λ = 10, one discriminator step, perturbation of half the data's deviation.
    """
    return Recipe(
        "dragan",
        network=DCGAN(discriminator_norm="none"),
        terms=(Adversarial(), Dragan(10.0)),
        players={"discriminator": Adam(2e-4, (0.5, 0.999)), "generator": Adam(2e-4, (0.5, 0.999))},
        by_data={**ON_VECTORS, "vectors": {**ON_VECTORS["vectors"], "dragan": 1.0}},
        paper={"dragan": 10.0},
        bounds={
            "ring": {"modes": 8, "high quality": 0.75},
            "grid": {"modes": 23, "high quality": 0.4},
            "digits": {"fid": 2.7},
        },
    )
