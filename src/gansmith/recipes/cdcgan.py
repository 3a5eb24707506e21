"""cDCGAN: convolutional players that are told the label."""

from gansmith.config import Budget, Networks, Objective, Play, Recipe


def cdcgan() -> Recipe:
    """Conditional DCGAN: convolutional players that are told the label.

    Mirza, Osindero 2014, arXiv 1411.1784, with the players of Radford et al. 2016, arXiv 1511.06434. An embedding of
    the label joins the noise; the discriminator is told by projection (Miyato, Koyama 2018, arXiv 1802.05637) and held
    by R1, without which every class soon has a single image. `--discriminator-condition concat` adds a plane instead.
    """
    return Recipe(
        name="cdcgan",
        networks=Networks(network="dcgan", noise="uniform", condition="labels", discriminator_condition="projection"),
        objective=Objective(loss="nonsaturating", r1=0.1),
        play=Play(lr_generator=2e-4, lr_discriminator=2e-4, betas=(0.5, 0.999)),
        budget=Budget(batch=64, steps=3000),
    )
