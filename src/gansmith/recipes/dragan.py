"""DRAGAN: a gradient penalty in the neighbourhood of the data."""

from gansmith.config import Networks, Objective, Play, Recipe


def dragan() -> Recipe:
    """DRAGAN: a gradient penalty in the neighbourhood of the data.

    Kodali et al. 2017, arXiv 1705.07215: λ = 10, one discriminator step, perturbation of half the data's deviation.
    """
    return Recipe(
        name="dragan",
        networks=Networks(discriminator_norm="none"),
        objective=Objective(loss="nonsaturating", dragan=10.0),
        play=Play(lr_generator=2e-4, lr_discriminator=2e-4, betas=(0.5, 0.999)),
    )
