"""VAE/GAN: a variational autoencoder whose errors are measured in the features of a discriminator too."""

from gansmith.dynamics import Simultaneous
from gansmith.games.optimizers import Adam
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import ON_VECTORS
from gansmith.terms import Adversarial, FeatureError, Posterior, Reconstruction


def vae_gan() -> Recipe:
    """VAE/GAN: a variational autoencoder whose errors are measured in the features of a discriminator too.

    Larsen et al. 2016, arXiv 1512.09300, Algorithm 1: three players who move at once; the discriminator tells samples
    of the prior and reconstructions from real ones. The paper has no error of pixels; with it, `--adversarial 0` takes
    discriminator and features out and leaves `vae`, bit for bit. The adversary's weight is the paper's 1/γ.
    """
    adam = Adam(1e-3, (0.5, 0.999))
    return Recipe(
        "vae-gan",
        terms=(
            Adversarial(generator_scale=30.0, fakes=("fake", "reconstruction")),
            Posterior(1.0),
            Reconstruction(1.0),
            FeatureError(0.1),
        ),
        dynamics=Simultaneous(),
        players={"discriminator": Adam(2e-4, (0.5, 0.999)), "encoder": adam, "generator": adam},
        by_data={"vectors": {**ON_VECTORS["vectors"], "reconstruction": 50.0}, "plane": ON_VECTORS["plane"]},
        paper={"reconstruction": 0.0, "feature_error": 1.0, "optimizer": "RMSprop", "lr": 3e-4, "batch": 64},
        bounds={
            "ring": {"modes": 8, "high quality": 0.8},
            "grid": {"modes": 23, "high quality": 0.75},
            "digits": {"fid": 1.4},
        },
    )
