"""InfoGAN: codes whose meaning nobody gives, kept legible in the samples."""

from gansmith.config import Budget, Networks, Objective, Play, Recipe


def infogan() -> Recipe:
    """InfoGAN: codes whose meaning nobody gives, kept legible in the samples.

    Chen et al. 2016, arXiv 1606.03657, the setting for MNIST: 62 dimensions of uniform noise, one code of 10
    categories, two continuous ones; Adam with 2e-4 for the discriminator and 1e-3 for the generator and the decoder Q.
    λ is 0.01 instead of 1, so that the categories settle while digits form and not before; the convolutions are a
    quarter as wide (`--width 64` for the paper's).
    """
    return Recipe(
        name="infogan",
        networks=Networks(
            network="infogan",
            latent=62,
            noise="uniform",
            width=16,
            hidden=1024,
            categorical_codes=1,
            continuous_codes=2,
            embedding=0,
        ),
        objective=Objective(loss="nonsaturating", information=0.01, information_continuous=0.01),
        play=Play(lr_generator=1e-3, lr_discriminator=2e-4, betas=(0.5, 0.999)),
        budget=Budget(batch=128, steps=5000),
    )
