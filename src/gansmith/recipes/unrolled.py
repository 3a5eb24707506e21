"""Unrolled GAN: the generator answers the discriminator it will meet."""

from gansmith.config import Budget, Networks, Objective, Play, Recipe


def unrolled() -> Recipe:
    """Unrolled GAN: the generator answers the discriminator it will meet, k steps ahead.

    Metz et al. 2017, arXiv 1611.02163: the generator's gradient passes through k = 5 steps of the discriminator, here
    of plain gradient descent with a step size of its own.
    """
    return Recipe(
        name="unrolled",
        networks=Networks(network="dcgan", discriminator_norm="none"),
        objective=Objective(loss="nonsaturating"),
        play=Play(dynamics="unrolled", lr_generator=2e-4, lr_discriminator=2e-4, betas=(0.5, 0.999)),
        budget=Budget(batch=64, steps=1000),
    )
