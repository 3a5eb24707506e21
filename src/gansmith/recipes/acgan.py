"""AC-GAN: the discriminator also tells the classes apart."""

from gansmith.games.optimizers import Adam
from gansmith.networks import Conditioning
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import Training
from gansmith.terms import R1, Adversarial, AuxiliaryClassifier


def acgan() -> Recipe:
    """AC-GAN: the discriminator also tells the classes apart, and the generator is held to the label it was given.

    Odena, Olah, Shlens 2017, arXiv 1610.09585: a head on the discriminator's features; its cross entropy on real
    samples and fakes in the discriminator's cost, on fakes in the generator's, all with weight 1. The discriminator is
    held by R1, without which every class may end as a single image that only the head takes for its label.
    """
    return Recipe(
        "acgan",
        conditioning=Conditioning("labels"),
        terms=(Adversarial(), R1(0.1), AuxiliaryClassifier(fake_weight=1.0)),
        players={"discriminator": Adam(2e-4, (0.5, 0.999)), "generator": Adam(2e-4, (0.5, 0.999))},
        training=Training(batch=100, steps=3000),
        paper={"r1": 0.0},
        bounds={"mnist": {"obeys": 0.97, "least diverse class": 0.7, "recall": 0.7}},
    )
