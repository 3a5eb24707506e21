"""The flipped-label view: fake = 1, real = 0, and a margin on f = 2D − 1."""

from gansmith.config import Objective, Play, Recipe


def margin() -> Recipe:
    """The flipped-label view: fake = 1, real = 0, and a margin on f = 2D − 1.

    The same cost as the hinge GAN's with the bounded score −f; Lim, Ye 2017, arXiv 1705.02894.
    """
    return Recipe(
        name="margin",
        objective=Objective(loss="margin"),
        play=Play(lr_generator=2e-4, lr_discriminator=2e-4, betas=(0.5, 0.999)),
    )
