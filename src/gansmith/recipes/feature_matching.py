"""Feature matching: the generator gives samples the data's features on average."""

from gansmith.config import Budget, Networks, Objective, Play, Recipe


def feature_matching() -> Recipe:
    """Feature matching: the generator gives samples the data's features on average, and minds nothing else.

    Salimans et al. 2016, arXiv 1606.03498, section 3.1: the adversarial loss is left to the discriminator.
    """
    return Recipe(
        name="feature-matching",
        networks=Networks(network="dcgan", discriminator_norm="none"),
        objective=Objective(loss="nonsaturating", feature_matching=1.0, generator_scale=0.0),
        play=Play(lr_generator=2e-4, lr_discriminator=2e-4, betas=(0.5, 0.999)),
        budget=Budget(batch=128, steps=1500),
    )
