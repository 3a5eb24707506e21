"""DiffAugment: real samples and fakes are changed alike before they are judged."""

from gansmith.config import Budget, Networks, Objective, Play, Recipe


def diffaugment() -> Recipe:
    """DiffAugment: real samples and fakes are changed alike before they are judged, so that few samples last longer.

    Zhao et al. 2020, arXiv 2006.10738: colour, translation and cutout, with gradients that pass through.
    """
    return Recipe(
        name="diffaugment",
        networks=Networks(network="dcgan"),
        objective=Objective(loss="nonsaturating", augment="color,translation,cutout"),
        play=Play(lr_generator=2e-4, lr_discriminator=2e-4, betas=(0.5, 0.999)),
        budget=Budget(batch=64, steps=2000),
    )
