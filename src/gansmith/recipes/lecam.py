"""LeCam regularisation: scores are held to where the other side's have been, for few images."""

from gansmith.dynamics import Alternating
from gansmith.games.optimizers import Adam
from gansmith.networks import DCGAN
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import ON_VECTORS, Training
from gansmith.terms import Adversarial
from gansmith.terms.losses import Hinge
from gansmith.terms.penalties import LeCam


def lecam() -> Recipe:
    """LeCam regularisation: scores are held to where the other side's have been, so that few images last longer.

    Tseng et al. 2021, arXiv 2104.03310: hinge costs, λ = 0.3, averages with decay 0.99. The players are small
    convolutional ones in place of the paper's BigGAN.
    """
    return Recipe(
        "lecam",
        network=DCGAN(discriminator_norm="none"),
        terms=(Adversarial(Hinge()), LeCam(0.3)),
        dynamics=Alternating(n_critic=2, reuse=False),
        players={"discriminator": Adam(2e-4, (0.0, 0.999)), "generator": Adam(2e-4, (0.0, 0.999))},
        training=Training(batch=64, steps=2000),
        by_data=ON_VECTORS,
        bounds={
            "ring": {"modes": 8, "high quality": 0.75},
            "grid": {"modes": 23, "high quality": 0.7},
            "digits": {"fid": 0.9},
        },
    )
