"""PacGAN: the discriminator judges several samples together."""

from gansmith.config import Budget, Networks, Objective, Play, Recipe


def pacgan() -> Recipe:
    """PacGAN: the discriminator judges several samples together.

    Lin et al. 2018, arXiv 1712.04086: packs of m = 2 (`--pack 4` for more), all real or all fake.
    """
    return Recipe(
        name="pacgan",
        networks=Networks(network="dcgan", pack=2),
        objective=Objective(loss="nonsaturating"),
        play=Play(lr_generator=2e-4, lr_discriminator=2e-4, betas=(0.5, 0.999)),
        budget=Budget(batch=128, steps=1500),
    )
