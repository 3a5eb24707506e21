"""For clusters and tables: R3GAN's loss and penalties on standardised vectors, seen through Fourier features."""

from gansmith.data import Source
from gansmith.games.optimizers import Adam
from gansmith.networks import Fourier, ResNet
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import ON_VECTORS
from gansmith.terms import R1, R2, Adversarial
from gansmith.terms.losses import Relativistic


def mixture() -> Recipe:
    """For clusters and tables: R3GAN's loss and penalties on standardised vectors, seen through Fourier features.

    Huang et al. 2024, arXiv 2501.05441 (RpGAN + R1 + R2): the penalties keep a slope between clusters that samples
    follow to where they are missing. Tancik et al. 2020, arXiv 2006.10739: sines and cosines beside its input let the
    discriminator see clusters that are far narrower than the distance between them. Both are in units of the data's
    spread, so that one setting suits data of any scale.
    """
    return Recipe(
        "mixture",
        source=Source("grid"),
        network=ResNet(generator_norm="none", discriminator_norm="none"),
        vectors=Fourier(bandwidth=3.0),
        terms=(Adversarial(Relativistic()), R1(1.0), R2(1.0)),
        players={"discriminator": Adam(2e-4, (0.0, 0.99)), "generator": Adam(2e-4, (0.0, 0.99))},
        by_data={
            "vectors": {
                **ON_VECTORS["vectors"],
                "lr": 1.5e-3,
                "steps": 16_000,
                "r1": 0.03,
                "r2": 0.03,
            },
            "plane": ON_VECTORS["plane"],
        },
        bounds={
            "ring": {"modes": 8, "high quality": 0.96, "width": 0.9, "coverage": 0.8},
            "grid": {"modes": 25, "high quality": 0.95, "width": 0.75, "coverage": 0.7},
        },
    )
