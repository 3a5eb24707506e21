"""Experience replay: the discriminator keeps refuting old fakes."""

from gansmith.config import Budget, Networks, Objective, Play, Recipe


def replay() -> Recipe:
    """Experience replay: the discriminator keeps refuting old fakes.

    Shrivastava et al. 2017, arXiv 1612.07828, section 2.3: as many fakes of earlier steps as new ones, drawn from the
    last 2,048.
    """
    return Recipe(
        name="replay",
        networks=Networks(network="dcgan"),
        objective=Objective(loss="nonsaturating", replay=1.0),
        play=Play(lr_generator=2e-4, lr_discriminator=2e-4, betas=(0.5, 0.999)),
        budget=Budget(batch=128, steps=1500),
    )
