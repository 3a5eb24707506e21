"""The 1-D example: learn N(5, 1) from noise U[−8, 8]."""

from gansmith.config import Budget, Networks, Objective, Play, Recipe, Source


def normal1d() -> Recipe:
    """The 1-D example: learn N(5, 1) from noise U[−8, 8].

    A generator of one hidden layer against a discriminator of four layers, whose cost is scaled by ½ as in Goodfellow
    2016, "NIPS 2016 tutorial: generative adversarial networks", arXiv 1701.00160, equation 8.
    """
    return Recipe(
        name="normal1d",
        source=Source(data="normal"),
        networks=Networks(
            latent=1,
            noise="uniform",
            noise_scale=8.0,
            hidden=64,
            generator_layers=1,
            discriminator_layers=3,
            generator_activation="tanh",
            discriminator_activation="tanh",
        ),
        objective=Objective(loss="nonsaturating", discriminator_scale=0.5),
        play=Play(reuse=False, lr_generator=3e-4, lr_discriminator=1e-3, betas=(0.5, 0.999)),
        budget=Budget(batch=256, steps=5000),
    )
