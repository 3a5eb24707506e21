"""Conditional GAN: both networks take the label."""

from gansmith.games.optimizers import Adam
from gansmith.networks import MLP, Conditioning
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import Training
from gansmith.terms import R1, Adversarial


def cgan() -> Recipe:
    """Conditional GAN: both networks take the label.

    Mirza, Osindero 2014, arXiv 1411.1784: an embedding of the label joins the noise. The discriminator takes it by
    projection (Miyato, Koyama 2018, arXiv 1802.05637); as more input (`--discriminator-condition concat`), as in the
    paper, fewer samples obey. Fully connected players; R1 keeps small sets from being learnt by heart.
    """
    return Recipe(
        "cgan",
        network=MLP(256, 2, 2, generator_norm="batch"),
        vectors=MLP(256, 2, 2),
        conditioning=Conditioning("labels", "projection"),
        terms=(Adversarial(), R1(0.1)),
        players={
            "discriminator": Adam(1e-3, (0.5, 0.999), schedule="cosine"),
            "generator": Adam(1e-3, (0.5, 0.999), schedule="cosine"),
        },
        training=Training(batch=100, steps=8000),
        paper={
            "discriminator_condition": "concat",
            "discriminator_activation": "maxout",
            "optimizer": "SGD",
            "r1": 0.0,
        },
        bounds={"mnist": {"obeys": 0.97, "least diverse class": 0.7, "recall": 0.7}},
    )
