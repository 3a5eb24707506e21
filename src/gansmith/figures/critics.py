"""A critic alone: it learns to tell data from the same data blurred, while the generator is held."""

from __future__ import annotations

import dataclasses
import math

import torch
from torch import nn

from gansmith.data.dataset import randomness
from gansmith.data.toys import Toy, grid, ring, swissroll
from gansmith.figures.play import held_pair
from gansmith.games.game import descend
from gansmith.recipes.composition import Recipe
from gansmith.training.assemble import build_game


def planes() -> dict[str, Toy]:
    """Return the paper's three sets in the plane, each about as wide as the noise that blurs it."""
    roll = swissroll()
    return {
        "8 Gaussians": ring(8, radius=math.sqrt(2), spread=0.015),
        "25 Gaussians": grid(5, step=math.sqrt(0.5), spread=0.018),
        "Swiss roll": dataclasses.replace(roll, sample=lambda count, rng: 2 * roll.sample(count, rng)),
    }


def train_critic(recipe: Recipe, data: Toy) -> nn.Module:
    """Train the recipe's discriminator alone, on data against G(z) = x + z, x data and z ~ N(0, 1), and return it.

    Gulrajani et al. 2017, arXiv 1704.00028, section 3, holds the generator so to look at critics.
    """
    training, device = recipe.training, torch.device("cpu")
    game = build_game(recipe, tuple(data.shape), device, networks=held_pair(recipe, data))
    real, others = (data.batches(training.batch, seed, 0, device) for seed in (training.seed, training.seed + 1))
    for step in range(training.steps):
        x, rng = next(real).x, randomness(training.seed, "noise", step)
        blurred = next(others).x + torch.randn(x.shape, generator=rng)
        descend(game, "discriminator", game.round(x, blurred, rng=rng))
    return game.networks["discriminator"]
