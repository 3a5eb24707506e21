"""EBGAN-PT: the discriminator is an autoencoder, its error an energy, and a pull-away term keeps fakes apart."""

from gansmith.config import Networks, Objective, Play, Recipe


def ebgan() -> Recipe:
    """EBGAN-PT: the discriminator is an autoencoder, its error an energy, and a pull-away term keeps fakes apart.

    Zhao, Mathieu, LeCun 2017, arXiv 1609.03126: Adam 1e-3 with β₁ = 0.5, pull-away weight 0.1. The margin is in units
    of mean squared error.
    """
    return Recipe(
        name="ebgan",
        networks=Networks(autoencoder=True, hidden=32),
        objective=Objective(loss="ebgan", margin=0.2, pull_away=0.1),
        play=Play(lr_generator=1e-3, lr_discriminator=1e-3, betas=(0.5, 0.999)),
    )
