"""The non-saturating GAN: the generator maximises log D(G(z))."""

from gansmith.games.optimizers import Adam
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import ON_VECTORS


def nsgan() -> Recipe:
    """The non-saturating GAN: the generator maximises log D(G(z)).

    Goodfellow et al. 2014, arXiv 1406.2661, section 3; networks and Adam settings of DCGAN, arXiv 1511.06434.
    """
    return Recipe(
        "nsgan",
        players={"discriminator": Adam(2e-4, (0.5, 0.999)), "generator": Adam(2e-4, (0.5, 0.999))},
        by_data={**ON_VECTORS, "vectors": {**ON_VECTORS["vectors"], "batch": 512, "steps": 12_000}},
        paper={"width": 128, "batch": 128, "lr": 2e-4, "schedule": "constant"},
        bounds={"ring": {"modes": 8, "high quality": 0.94}, "grid": {"modes": 25, "high quality": 0.9}},
    )
