"""Minibatch discrimination: the discriminator sees how alike the samples of a minibatch are."""

from gansmith.config import Budget, Networks, Objective, Play, Recipe


def minibatch() -> Recipe:
    """Minibatch discrimination: the discriminator sees how alike the samples of a minibatch are.

    Salimans et al. 2016, arXiv 1606.03498, section 3.2: learned kernels between all pairs; `--minibatch distances` for
    plain distances, `--minibatch stddev` for Karras et al. 2018, arXiv 1710.10196.
    """
    return Recipe(
        name="minibatch",
        networks=Networks(network="dcgan", minibatch="kernels"),
        objective=Objective(loss="nonsaturating"),
        play=Play(lr_generator=2e-4, lr_discriminator=2e-4, betas=(0.5, 0.999)),
        budget=Budget(batch=128, steps=1500),
    )
