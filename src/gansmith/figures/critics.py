"""A critic alone: it learns to tell data from the same data blurred, while the generator is held."""

from __future__ import annotations

import dataclasses
import math

import torch
from torch import nn

from gansmith.config import Recipe
from gansmith.data.dataset import randomness
from gansmith.data.toys import Toy, grid, ring, swissroll
from gansmith.figures.play import Still
from gansmith.games.game import descend
from gansmith.networks import build_discriminator
from gansmith.runs.assemble import build_game
from gansmith.training.randomness import seed_everything


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
    budget, device = recipe.budget, torch.device("cpu")
    seed_everything(budget.seed)
    game = build_game(recipe, (Still(), build_discriminator(recipe.networks, data.shape)), device)
    real, others = (data.batches(budget.batch, seed, 0, device) for seed in (budget.seed, budget.seed + 1))
    for step in range(budget.steps):
        x, rng = next(real).x, randomness(budget.seed, "noise", step)
        blurred = next(others).x + torch.randn(x.shape, generator=rng)
        descend(game, "discriminator", game.round(x, blurred, rng=rng))
    return game.discriminator
