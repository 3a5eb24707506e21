"""The non-saturating GAN: the generator maximises log D(G(z))."""

from gansmith.config import Objective, Play, Recipe


def nsgan() -> Recipe:
    """The non-saturating GAN: the generator maximises log D(G(z)).

    Goodfellow et al. 2014, arXiv 1406.2661, section 3; networks and Adam settings of DCGAN, arXiv 1511.06434.
    """
    return Recipe(
        name="nsgan",
        objective=Objective(loss="nonsaturating"),
        play=Play(lr_generator=2e-4, lr_discriminator=2e-4, betas=(0.5, 0.999)),
    )
