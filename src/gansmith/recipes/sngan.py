"""SNGAN: every discriminator layer is divided by its largest singular value."""

from gansmith.dynamics import Alternating
from gansmith.games.optimizers import Adam
from gansmith.networks import DiscriminatorOptions, ResNet
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import ON_VECTORS
from gansmith.terms import Adversarial
from gansmith.terms.losses import Hinge


def sngan() -> Recipe:
    """SNGAN: every discriminator layer is divided by its largest singular value.

    Miyato et al. 2018, arXiv 1802.05957: residual players, hinge loss, Adam 2e-4 with β = (0, 0.9), n_dis = 5, batch
    64. Here two moves of the discriminator and width 16: five at width 32 take one thread 2.7 seconds a step of 32
    pixels, these 0.4.
    """
    return Recipe(
        "sngan",
        network=ResNet(16, discriminator_norm="none"),
        discriminator_options=DiscriminatorOptions(spectral_norm=True),
        terms=(Adversarial(Hinge()),),
        dynamics=Alternating(n_critic=2, reuse=False),
        players={"discriminator": Adam(2e-4, (0.0, 0.9)), "generator": Adam(2e-4, (0.0, 0.9))},
        by_data=ON_VECTORS,
        paper={"width": 128, "n_critic": 5, "batch": 64, "lr": 2e-4, "schedule": "linear"},
        bounds={
            "ring": {"modes": 8, "high quality": 0.75},
            "grid": {"modes": 23, "high quality": 0.65},
            "digits": {"fid": 4.9},
        },
    )
