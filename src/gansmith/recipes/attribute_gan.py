"""Attribute GAN: a second discriminator checks that the attributes are there."""

from gansmith.config import Budget, Networks, Objective, Play, Recipe


def attribute_gan() -> Recipe:
    """Attribute GAN: attributes go in with the noise, and a second discriminator checks that they are there.

    The auxiliary classifier of Odena et al. 2017, arXiv 1610.09585, for attributes that do not exclude each other, as
    in He et al. 2019 (AttGAN), arXiv 1711.10678: a network of its own learns them from real samples alone, and the
    generator's cost has its cross entropy on fakes.
    """
    return Recipe(
        name="attribute-gan",
        networks=Networks(network="dcgan", condition="attributes", auxiliary="network"),
        objective=Objective(loss="nonsaturating"),
        play=Play(lr_generator=2e-4, lr_discriminator=2e-4, betas=(0.5, 0.999)),
        budget=Budget(batch=100, steps=1500),
    )
