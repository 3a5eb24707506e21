"""WGAN-GP: the critic's gradient norm is pulled to 1 between real and fake samples."""

from gansmith.dynamics import Alternating
from gansmith.games.optimizers import Adam
from gansmith.networks import DCGAN
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import ON_VECTORS
from gansmith.terms import Adversarial, GradientPenalty
from gansmith.terms.losses import Wasserstein


def wgan_gp() -> Recipe:
    """WGAN-GP: the critic's gradient norm is pulled to 1 between real and fake samples.

    Gulrajani et al. 2017, arXiv 1704.00028, Algorithm 1: λ = 10, n_critic = 5, Adam 1e-4 with β = (0, 0.9), batch 64;
    no batch norm in the critic, whose gradient penalty is per sample.
    """
    return Recipe(
        "wgan-gp",
        network=DCGAN(discriminator_norm="none"),
        terms=(Adversarial(Wasserstein()), GradientPenalty(10.0)),
        dynamics=Alternating(n_critic=5, reuse=False),
        players={"discriminator": Adam(1e-4, (0.0, 0.9)), "generator": Adam(1e-4, (0.0, 0.9))},
        by_data={
            "vectors": {**ON_VECTORS["vectors"], "lr": 2e-3, "steps": 8000, "n_critic": 2, "gradient_penalty": 0.1},
            "plane": ON_VECTORS["plane"],
        },
        paper={"gradient_penalty": 10.0, "n_critic": 5, "lr": 1e-4, "batch": 64, "schedule": "linear"},
        bounds={"ring": {"modes": 8, "high quality": 0.95}, "grid": {"modes": 25, "high quality": 0.9}},
    )
