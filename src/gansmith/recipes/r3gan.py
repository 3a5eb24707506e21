"""R3GAN: relativistic pairing with zero-centred gradient penalties on real and fake, and no tricks."""

from gansmith.games.optimizers import Adam
from gansmith.networks import MLP, ResNet
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import ON_VECTORS, Training
from gansmith.terms import R1, R2, Adversarial
from gansmith.terms.losses import Relativistic


def r3gan() -> Recipe:
    """R3GAN: relativistic pairing with zero-centred gradient penalties on real and fake, and no tricks.

    Huang et al. 2024, "The GAN is dead; long live the GAN!", arXiv 2501.05441: RpGAN + R1 + R2, Adam with β₁ = 0, no
    normalisation. γ is scaled to small images and toys; raise it for larger ones. On images the penalties come at every
    fourth step, four times as strong (Karras et al. 2020, arXiv 1912.04958), networks are of width 16, minibatches of
    16 and rates of 5e-4 that fall to 0: after five minutes of one thread the KID of CIFAR-10 is 0.22 and 0.25 (two
    seeds), with minibatches of 64 and constant rates of 2e-4 0.31. At 1e-3 one of two runs of 64 pixels lost its
    generator.
    """
    return Recipe(
        "r3gan",
        network=ResNet(16, generator_norm="none", discriminator_norm="none"),
        vectors=MLP(generator_layers=4, discriminator_layers=4),
        terms=(Adversarial(Relativistic()), R1(1.0, every=4), R2(1.0, every=4)),
        players={
            "discriminator": Adam(5e-4, (0.0, 0.99), schedule="cosine"),
            "generator": Adam(5e-4, (0.0, 0.99), schedule="cosine"),
        },
        training=Training(batch=16, steps=4000),
        by_data={
            "vectors": {**ON_VECTORS["vectors"], "lr": 1.5e-3, "r1": 0.03, "r2": 0.03, "every": 1},
            "plane": ON_VECTORS["plane"],
        },
        paper={"batch": 512, "lr": 2e-4},
        bounds={
            "ring": {"modes": 8, "high quality": 0.96},
            "grid": {"modes": 25, "high quality": 0.95},
            "cifar10": {"kid": 0.3},
            "olivetti": {"kid": 0.003},
        },
    )
