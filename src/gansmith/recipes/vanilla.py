"""Algorithm 1 as published: minimax costs, k = 1, fresh noise for each player, momentum."""

from gansmith.config import Budget, Networks, Objective, Play, Recipe


def vanilla() -> Recipe:
    """Algorithm 1 as published: minimax costs, k = 1, fresh noise for each player, momentum.

    Goodfellow et al. 2014, "Generative adversarial nets", arXiv 1406.2661; minibatches of 100 and uniform noise as in
    its MNIST experiment. The generator's cost saturates where the discriminator is sure: see `nsgan` for the remedy.
    """
    return Recipe(
        name="vanilla",
        networks=Networks(network="mlp", noise="uniform", hidden=256, generator_layers=2, discriminator_layers=2),
        objective=Objective(loss="minimax"),
        play=Play(reuse=False, optimizer="SGD", momentum=0.5, lr_generator=0.1, lr_discriminator=0.1),
        budget=Budget(batch=100, steps=5000),
    )
