"""BiGAN: the adversary sees pairs of samples and latents, so that an encoder learns to invert the generator."""

from gansmith.games.optimizers import Adam
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import ON_VECTORS
from gansmith.terms import Bidirectional


def bigan() -> Recipe:
    """BiGAN: the adversary sees pairs of samples and latents, so that an encoder learns to invert the generator.

    Donahue, Krähenbühl, Darrell 2017, arXiv 1605.09782, on DCGAN's networks. No loss of reconstruction at all:
    `--bidirectional 0 --reconstruction 1` is an autoencoder.
    """
    adam = Adam(2e-4, (0.5, 0.999))
    return Recipe(
        "bigan",
        terms=(Bidirectional(),),
        players={"discriminator": adam, "encoder": adam, "generator": adam},
        by_data=ON_VECTORS,
        paper={"latent": 50, "noise": "uniform", "batch": 128},
        bounds={
            "ring": {"modes": 8, "high quality": 0.7},
            "grid": {"modes": 13, "high quality": 0.65},
            "digits": {"fid": 1.0},
        },
    )
