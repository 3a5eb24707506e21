"""PacGAN: the discriminator judges several samples together."""

from gansmith.games.optimizers import Adam
from gansmith.networks import DiscriminatorOptions
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import ON_VECTORS, Training


def pacgan() -> Recipe:
    """PacGAN: the discriminator judges several samples together.

    Lin et al. 2018, arXiv 1712.04086: packs of m = 2 (`--pack 4` for more), all real or all fake.
    """
    return Recipe(
        "pacgan",
        discriminator_options=DiscriminatorOptions(pack=2),
        players={"discriminator": Adam(2e-4, (0.5, 0.999)), "generator": Adam(2e-4, (0.5, 0.999))},
        training=Training(batch=128, steps=1500),
        by_data=ON_VECTORS,
        bounds={
            "ring": {"modes": 8, "high quality": 0.8},
            "grid": {"modes": 23, "high quality": 0.3},
            "digits": {"fid": 1.8},
        },
    )
