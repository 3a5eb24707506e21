"""The hinge GAN: the discriminator stops caring about samples beyond its margin."""

from gansmith.config import Objective, Play, Recipe


def hinge() -> Recipe:
    """The hinge GAN: the discriminator stops caring about samples beyond its margin.

    Lim, Ye 2017, "Geometric GAN", arXiv 1705.02894.
    """
    return Recipe(
        name="hinge",
        objective=Objective(loss="hinge"),
        play=Play(lr_generator=2e-4, lr_discriminator=2e-4, betas=(0.5, 0.999)),
    )
