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
    """
    return Recipe(
        "vanilla",
        network=MLP(256, 2, 2),
        vectors=MLP(256, 2, 2),
        prior=Prior(noise="uniform"),
        terms=(Adversarial(Minimax()),),
        dynamics=Alternating(reuse=False),
        players={"discriminator": SGD(0.1, momentum=0.5), "generator": SGD(0.1, momentum=0.5)},
        training=Training(batch=100, steps=5000),
    )
