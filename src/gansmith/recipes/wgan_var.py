"""WGAN with variance regularisation: the critic pays for its variance under the data and under the generator."""

from gansmith.config import Budget, Networks, Objective, Play, Recipe


def wgan_var() -> Recipe:
    """WGAN with variance regularisation: the critic pays for its variance under the data and under the generator.

    After Mroueh, Sercu 2017, "Fisher GAN", arXiv 1705.09675, which bounds the same second moments; optimiser as in
    WGAN-GP, arXiv 1704.00028.
    """
    return Recipe(
        name="wgan-var",
        networks=Networks(discriminator_norm="none"),
        objective=Objective(loss="wasserstein", variance=0.5),
        play=Play(lr_generator=1e-4, lr_discriminator=1e-4, betas=(0.0, 0.9), n_critic=5, reuse=False),
        budget=Budget(batch=64),
    )
