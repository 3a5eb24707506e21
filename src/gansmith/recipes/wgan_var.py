"""WGAN with variance regularisation: the critic pays for its variance under the data and under the generator."""

from gansmith.dynamics import Alternating
from gansmith.games.optimizers import Adam
from gansmith.networks import DCGAN
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import ON_VECTORS
from gansmith.terms import Adversarial, Variance
from gansmith.terms.losses import Wasserstein


def wgan_var() -> Recipe:
    """WGAN with variance regularisation: the critic pays for its variance under the data and under the generator.

    After Mroueh, Sercu 2017, "Fisher GAN", arXiv 1705.09675, which bounds the same second moments; optimiser as in
    WGAN-GP, arXiv 1704.00028.
    """
    return Recipe(
        "wgan-var",
        network=DCGAN(discriminator_norm="none"),
        terms=(Adversarial(Wasserstein()), Variance(0.5)),
        dynamics=Alternating(n_critic=5, reuse=False),
        players={"discriminator": Adam(1e-4, (0.0, 0.9)), "generator": Adam(1e-4, (0.0, 0.9))},
        by_data={**ON_VECTORS, "vectors": {**ON_VECTORS["vectors"], "n_critic": 2, "steps": 8000}},
        paper={"n_critic": 5},
        bounds={
            "ring": {"modes": 8, "high quality": 0.75},
            "grid": {"modes": 22, "high quality": 0.7},
            "digits": {"fid": 3.4},
        },
    )
