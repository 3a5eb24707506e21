"""Feature matching: the generator gives samples the data's features on average."""

from gansmith.games.optimizers import Adam
from gansmith.networks import DCGAN
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import ON_VECTORS, Training
from gansmith.terms import Adversarial, FeatureMatching


def feature_matching() -> Recipe:
    """Feature matching: the generator gives samples the data's features on average, and minds nothing else.

    Salimans et al. 2016, arXiv 1606.03498, section 3.1: the adversarial loss is left to the discriminator.
    """
    return Recipe(
        "feature-matching",
        network=DCGAN(discriminator_norm="none"),
        terms=(Adversarial(generator_scale=0.0), FeatureMatching(1.0)),
        players={"discriminator": Adam(2e-4, (0.5, 0.999)), "generator": Adam(2e-4, (0.5, 0.999))},
        training=Training(batch=128, steps=1500),
        by_data=ON_VECTORS,
        bounds={
            "ring": {"modes": 8, "high quality": 0.9},
            "grid": {"modes": 23, "high quality": 0.5},
            "digits": {"fid": 2.4},
        },
    )
