"""Conditional GAN: both players are told the label."""

from gansmith.config import Budget, Networks, Objective, Play, Recipe


def cgan() -> Recipe:
    """Conditional GAN: both players are told the label.

    Mirza, Osindero 2014, arXiv 1411.1784: labels join the noise and the discriminator's input through an embedding.
    Fully connected players with non-saturating costs; R1 keeps small sets from being learnt by heart.
    """
    return Recipe(
        name="cgan",
        networks=Networks(network="mlp", hidden=256, condition="labels", discriminator_condition="concat"),
        objective=Objective(loss="nonsaturating", r1=0.1),
        play=Play(lr_generator=2e-4, lr_discriminator=2e-4, betas=(0.5, 0.999)),
        budget=Budget(batch=100, steps=3000),
    )
