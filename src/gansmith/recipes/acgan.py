"""AC-GAN: the discriminator also tells the classes apart."""

from gansmith.config import Budget, Networks, Objective, Play, Recipe


def acgan() -> Recipe:
    """AC-GAN: the discriminator also tells the classes apart, and the generator is held to the label it was given.

    Odena, Olah, Shlens 2017, arXiv 1610.09585: a head on the discriminator's features; its cross entropy on real
    samples and fakes in the discriminator's cost, on fakes in the generator's, all with weight 1. The discriminator is
    held by R1, without which every class may end as a single image that only the head takes for its label.
    """
    return Recipe(
        name="acgan",
        networks=Networks(network="dcgan", condition="labels", auxiliary="head"),
        objective=Objective(loss="nonsaturating", auxiliary_fake=1.0, r1=0.1),
        play=Play(lr_generator=2e-4, lr_discriminator=2e-4, betas=(0.5, 0.999)),
        budget=Budget(batch=100, steps=3000),
    )
