"""Algorithm 1 as published: minimax costs, k = 1, fresh noise for each player, momentum."""

from gansmith.dynamics import Alternating
from gansmith.games.optimizers import SGD
from gansmith.generators import Prior
from gansmith.networks import MLP
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import Training
from gansmith.terms import Adversarial
from gansmith.terms.losses import Minimax


def vanilla() -> Recipe:
    """Algorithm 1 as published: minimax costs, k = 1, fresh noise for each player, momentum.

    Goodfellow et al. 2014, "Generative adversarial nets", arXiv 1406.2661; minibatches of 100 and uniform noise as in
    its MNIST experiment. The generator's cost saturates where the discriminator is sure: see `nsgan` for the remedy.
    On images it lives by batch norm in its generator, whose rate is ten times the discriminator's: the paper has maxout
    and dropout in the discriminator instead.
    """
    return Recipe(
        "vanilla",
        network=MLP(256, 2, 2, generator_norm="batch"),
        vectors=MLP(256, 2, 2),
        prior=Prior(noise="uniform"),
        terms=(Adversarial(Minimax()),),
        dynamics=Alternating(reuse=False),
        players={"discriminator": SGD(0.02, momentum=0.5), "generator": SGD(0.2, momentum=0.5)},
        training=Training(batch=100, steps=15_000),
        by_data={"vectors": {"lr": 0.1, "steps": 5000}},
        paper={"discriminator_activation": "maxout", "discriminator_dropout": 0.5, "generator_norm": "none"},
        bounds={"mnist": {"sure": 0.8, "classes": 10, "recall": 0.4}},
    )
