"""DCGAN: convolutional players and the settings that made them train."""

from gansmith.config import Budget, Networks, Objective, Play, Recipe


def dcgan() -> Recipe:
    """DCGAN: convolutional players and the settings that made them train.

    Radford, Metz, Chintala 2016, arXiv 1511.06434: Adam 2e-4 with β₁ = 0.5, minibatches of 128, z ~ U[−1, 1]^100. The
    paper's width is 128; 32 suits small images and two CPU cores.
    """
    return Recipe(
        name="dcgan",
        networks=Networks(network="dcgan", noise="uniform"),
        objective=Objective(loss="nonsaturating"),
        play=Play(lr_generator=2e-4, lr_discriminator=2e-4, betas=(0.5, 0.999)),
        budget=Budget(batch=128, steps=1500),
    )
