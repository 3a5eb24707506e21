"""DCGAN: convolutional players and the settings that made them train."""

from gansmith.games.optimizers import Adam
from gansmith.generators import Prior
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import ON_VECTORS, Training


def dcgan() -> Recipe:
    """DCGAN: convolutional players and the settings that made them train.

    Radford, Metz, Chintala 2016, arXiv 1511.06434: Adam 2e-4 with β₁ = 0.5, minibatches of 128, z ~ U[−1, 1]^100. The
    paper's width is 128; 32 suits small images and two CPU cores.
    """
    return Recipe(
        "dcgan",
        prior=Prior(noise="uniform"),
        players={"discriminator": Adam(2e-4, (0.5, 0.999)), "generator": Adam(2e-4, (0.5, 0.999))},
        training=Training(batch=128, steps=1500),
        by_data=ON_VECTORS,
        paper={"width": 128, "batch": 128, "lr": 2e-4, "schedule": "constant"},
        bounds={
            "ring": {"modes": 7, "high quality": 0.8},
            "grid": {"modes": 23, "high quality": 0.7},
            "digits": {"fid": 1.5},
            "cifar10": {"kid": 0.55},
            "olivetti": {"kid": 0.005},
        },
    )
