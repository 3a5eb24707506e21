"""Minibatch discrimination: the discriminator sees how alike the samples of a minibatch are."""

from gansmith.games.optimizers import Adam
from gansmith.networks import DiscriminatorOptions
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import ON_VECTORS, Training


def minibatch() -> Recipe:
    """Minibatch discrimination: the discriminator sees how alike the samples of a minibatch are.

    Salimans et al. 2016, arXiv 1606.03498, section 3.2: learned kernels between all pairs; `--minibatch distances` for
    plain distances, `--minibatch stddev` for Karras et al. 2018, arXiv 1710.10196.
    """
    return Recipe(
        "minibatch",
        discriminator_options=DiscriminatorOptions(minibatch="kernels"),
        players={"discriminator": Adam(2e-4, (0.5, 0.999)), "generator": Adam(2e-4, (0.5, 0.999))},
        training=Training(batch=128, steps=1500),
        by_data={**ON_VECTORS, "vectors": {**ON_VECTORS["vectors"], "batch": 64}},
        bounds={
            "ring": {"modes": 7, "high quality": 0.65},
            "grid": {"modes": 22, "high quality": 0.55},
            "digits": {"fid": 1.6},
        },
    )
