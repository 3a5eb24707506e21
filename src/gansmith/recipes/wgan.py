"""WGAN: a critic with clipped weights estimates the earth mover's distance."""

from gansmith.config import Budget, Objective, Play, Recipe


def wgan() -> Recipe:
    """WGAN: a critic with clipped weights estimates the earth mover's distance.

    Arjovsky, Chintala, Bottou 2017, arXiv 1701.07875, Algorithm 1: RMSprop 5e-5, c = 0.01, n_critic = 5, batch 64.
    """
    return Recipe(
        name="wgan",
        objective=Objective(loss="wasserstein", clip=0.01),
        play=Play(optimizer="RMSprop", lr_generator=5e-5, lr_discriminator=5e-5, n_critic=5, reuse=False),
        budget=Budget(batch=64, steps=5000),
    )
