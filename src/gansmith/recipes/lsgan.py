"""LSGAN: least squares instead of cross entropy, so that samples far from the boundary still have a gradient."""

from gansmith.config import Objective, Play, Recipe


def lsgan() -> Recipe:
    """LSGAN: least squares instead of cross entropy, so that samples far from the boundary still have a gradient.

    Mao et al. 2017, arXiv 1611.04076: a = 0, b = c = 1, Adam with β₁ = 0.5.
    """
    return Recipe(
        name="lsgan",
        objective=Objective(loss="least-squares"),
        play=Play(lr_generator=2e-4, lr_discriminator=2e-4, betas=(0.5, 0.999)),
    )
