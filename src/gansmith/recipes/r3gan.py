"""R3GAN: relativistic pairing with zero-centred gradient penalties on real and fake, and no tricks."""

from gansmith.config import Budget, Networks, Objective, Play, Recipe


def r3gan() -> Recipe:
    """R3GAN: relativistic pairing with zero-centred gradient penalties on real and fake, and no tricks.

    Huang et al. 2024, "The GAN is dead; long live the GAN!", arXiv 2501.05441: RpGAN + R1 + R2, Adam with β₁ = 0, no
    normalisation. γ is scaled to small images and toys; raise it for larger ones.
    """
    return Recipe(
        name="r3gan",
        networks=Networks(
            network="resnet",
            generator_norm="none",
            discriminator_norm="none",
            generator_layers=4,
            discriminator_layers=4,
        ),
        objective=Objective(loss="relativistic", r1=1.0, r2=1.0),
        play=Play(lr_generator=2e-4, lr_discriminator=2e-4, betas=(0.0, 0.99)),
        budget=Budget(batch=64),
    )
