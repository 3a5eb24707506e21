"""WGAN without any constraint, to show why one is needed: the critic cheats by growing."""

from gansmith.config import Budget, Networks, Objective, Play, Recipe


def wgan_naive() -> Recipe:
    """WGAN without any constraint, to show why one is needed: the critic cheats by growing.

    The settings of Arjovsky, Chintala, Bottou 2017, arXiv 1701.07875, less the clipping and the normalisation.
    """
    return Recipe(
        name="wgan-naive",
        networks=Networks(discriminator_norm="none"),
        objective=Objective(loss="wasserstein"),
        play=Play(optimizer="RMSprop", lr_generator=5e-5, lr_discriminator=5e-5, n_critic=5, reuse=False),
        budget=Budget(batch=64),
    )
