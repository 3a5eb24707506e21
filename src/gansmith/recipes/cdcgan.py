"""cDCGAN: convolutional networks that take the label."""

from gansmith.games.optimizers import Adam
from gansmith.generators import Prior
from gansmith.networks import Conditioning
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import Training
from gansmith.terms import R1, Adversarial


def cdcgan() -> Recipe:
    """Conditional DCGAN: convolutional networks that take the label.

    Mirza, Osindero 2014, arXiv 1411.1784, with the players of Radford et al. 2016, arXiv 1511.06434. An embedding of
    the label joins the noise; the discriminator takes it by projection (Miyato, Koyama 2018, arXiv 1802.05637) and held
    by R1, without which every class soon has a single image. `--discriminator-condition concat` adds a plane instead.
    """
    return Recipe(
        "cdcgan",
        prior=Prior(noise="uniform"),
        conditioning=Conditioning("labels", "projection"),
        terms=(Adversarial(), R1(0.1)),
        players={"discriminator": Adam(2e-4, (0.5, 0.999)), "generator": Adam(2e-4, (0.5, 0.999))},
        training=Training(batch=64, steps=3000),
        paper={"discriminator_condition": "concat", "r1": 0.0},
        bounds={"mnist": {"obeys": 0.97, "least diverse class": 0.7, "recall": 0.7}},
    )
