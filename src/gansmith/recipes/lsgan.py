"""LSGAN: least squares instead of cross entropy, so that samples far from the boundary still have a gradient."""

from gansmith.games.optimizers import Adam
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import ON_VECTORS
from gansmith.terms import Adversarial
from gansmith.terms.losses import LeastSquares


def lsgan() -> Recipe:
    """LSGAN: least squares instead of cross entropy, so that samples far from the boundary still have a gradient.

    Mao et al. 2017, arXiv 1611.04076: a = 0, b = c = 1, Adam with β₁ = 0.5.
    """
    return Recipe(
        "lsgan",
        terms=(Adversarial(LeastSquares()),),
        players={"discriminator": Adam(2e-4, (0.5, 0.999)), "generator": Adam(2e-4, (0.5, 0.999))},
        by_data=ON_VECTORS,
        bounds={
            "ring": {"modes": 8, "high quality": 0.94},
            "grid": {"modes": 17, "high quality": 0.8},
            "digits": {"fid": 1.5},
        },
    )
