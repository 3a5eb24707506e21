"""Instance noise: the discriminator sees everything through noise that fades."""

from gansmith.config import Budget, Networks, Objective, Play, Recipe


def instance_noise() -> Recipe:
    """Instance noise: the discriminator sees everything through noise that fades, so that the distributions overlap.

    Sønderby et al. 2017, arXiv 1610.04490: σ falls from 0.1 to 0 over the run.
    """
    return Recipe(
        name="instance-noise",
        networks=Networks(network="dcgan"),
        objective=Objective(loss="nonsaturating", instance_noise=0.1),
        play=Play(lr_generator=2e-4, lr_discriminator=2e-4, betas=(0.5, 0.999)),
        budget=Budget(batch=128, steps=1500),
    )
