"""Instance noise: the discriminator sees everything through noise that fades."""

from gansmith.games.augmentations import InstanceNoise
from gansmith.games.optimizers import Adam
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import ON_VECTORS, Training


def instance_noise() -> Recipe:
    """Instance noise: the discriminator sees everything through noise that fades, so that the distributions overlap.

    Sønderby et al. 2017, arXiv 1610.04490: σ falls from 0.1 to 0 over the run.
    """
    return Recipe(
        "instance-noise",
        augmentations=(InstanceNoise(0.1),),
        players={"discriminator": Adam(2e-4, (0.5, 0.999)), "generator": Adam(2e-4, (0.5, 0.999))},
        training=Training(batch=128, steps=1500),
        by_data=ON_VECTORS,
        bounds={
            "ring": {"modes": 7, "high quality": 0.9},
            "grid": {"modes": 23, "high quality": 0.7},
            "digits": {"fid": 1.3},
        },
    )
