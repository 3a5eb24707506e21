"""WGAN-GP: the critic's gradient norm is pulled to 1 between real and fake samples."""

from gansmith.config import Budget, Networks, Objective, Play, Recipe


def wgan_gp() -> Recipe:
    """WGAN-GP: the critic's gradient norm is pulled to 1 between real and fake samples.

    Gulrajani et al. 2017, arXiv 1704.00028, Algorithm 1: λ = 10, n_critic = 5, Adam 1e-4 with β = (0, 0.9), batch 64;
    no batch norm in the critic, whose gradient penalty is per sample.
    """
    return Recipe(
        name="wgan-gp",
        networks=Networks(discriminator_norm="none"),
        objective=Objective(loss="wasserstein", gradient_penalty=10.0),
        play=Play(lr_generator=1e-4, lr_discriminator=1e-4, betas=(0.0, 0.9), n_critic=5, reuse=False),
        budget=Budget(batch=64),
    )
