"""The flipped-label view: fake = 1, real = 0, and a margin on f = 2D − 1."""

from gansmith.games.optimizers import Adam
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import ON_VECTORS
from gansmith.terms import Adversarial
from gansmith.terms.losses import Margin


def margin() -> Recipe:
    """The flipped-label view: fake = 1, real = 0, and a margin on f = 2D − 1.

    The same cost as the hinge GAN's with the bounded score −f; Lim, Ye 2017, arXiv 1705.02894.
    """
    return Recipe(
        "margin",
        terms=(Adversarial(Margin()),),
        players={"discriminator": Adam(2e-4, (0.5, 0.999)), "generator": Adam(2e-4, (0.5, 0.999))},
        by_data={**ON_VECTORS, "vectors": {**ON_VECTORS["vectors"], "r1": 0.1}},
        paper={"r1": 0.0},
        bounds={
            "ring": {"modes": 8, "high quality": 0.9},
            "grid": {"modes": 23, "high quality": 0.35},
            "digits": {"fid": 1.9},
        },
    )
