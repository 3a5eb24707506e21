"""SNGAN: every discriminator layer is divided by its largest singular value."""

from gansmith.config import Budget, Networks, Objective, Play, Recipe


def sngan() -> Recipe:
    """SNGAN: every discriminator layer is divided by its largest singular value.

    Miyato et al. 2018, arXiv 1802.05957: residual players, hinge loss, Adam 2e-4 with β = (0, 0.9), n_dis = 5, batch
    64.
    """
    return Recipe(
        name="sngan",
        networks=Networks(network="resnet", discriminator_norm="none", spectral_norm=True),
        objective=Objective(loss="hinge"),
        play=Play(lr_generator=2e-4, lr_discriminator=2e-4, betas=(0.0, 0.9), n_critic=5, reuse=False),
        budget=Budget(batch=64),
    )
