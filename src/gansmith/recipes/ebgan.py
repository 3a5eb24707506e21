"""EBGAN-PT: the discriminator is an autoencoder, its error an energy, and a pull-away term keeps fakes apart."""

from gansmith.games.optimizers import Adam
from gansmith.networks import MLP, DiscriminatorOptions
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import ON_VECTORS
from gansmith.terms import Adversarial, PullAway
from gansmith.terms.losses import EBGAN


def ebgan() -> Recipe:
    """EBGAN-PT: the discriminator is an autoencoder, its error an energy, and a pull-away term keeps fakes apart.

    Zhao, Mathieu, LeCun 2017, arXiv 1609.03126: Adam 1e-3 with β₁ = 0.5, pull-away weight 0.1. The margin is in units
    of mean squared error. In the plane the code has 2 numbers:
    with one, all codes are parallel or opposite, and pull-away says nothing.
    """
    return Recipe(
        "ebgan",
        vectors=MLP(32),
        discriminator_options=DiscriminatorOptions(autoencoder=True, code=32),
        terms=(Adversarial(EBGAN(0.2)), PullAway(0.1)),
        players={"discriminator": Adam(1e-3, (0.5, 0.999)), "generator": Adam(1e-3, (0.5, 0.999))},
        by_data={**ON_VECTORS, "plane": {"latent": 2, "code": 2}},
        bounds={
            "ring": {"modes": 4, "high quality": 0.6},
            "grid": {"modes": 22, "high quality": 0.3},
            "digits": {"fid": 0.35},
        },
    )
