"""Playing a GAN for a figure: the loop that trains networks, without a run folder, and somebody who looks."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gansmith.config import Recipe
from gansmith.data import Dataset
from gansmith.networks import build_discriminator
from gansmith.runs.assemble import build_dynamics, build_game, build_networks
from gansmith.training.randomness import seed_everything
from gansmith.training.rounds import Rounds
from gansmith.training.trainer import Trainer


@dataclass(frozen=True)
class Look:
    """A watcher that sees chosen steps."""

    steps: Collection[int]
    see: Callable[[Trainer], None]

    def due(self, step: int, last: bool) -> bool:
        """Tell whether this is one of the steps."""
        return step in self.steps

    def watch(self, trainer: Trainer) -> None:
        """Look."""
        self.see(trainer)


class Still(nn.Module):
    """G(z) = z + shift, where shift is 0 and nobody moves it: a generator whose density is that of the noise."""

    def __init__(self) -> None:
        super().__init__()
        self.shift = nn.Parameter(torch.zeros(()))

    def forward(self, z: Tensor) -> Tensor:
        return z + self.shift


def play(recipe: Recipe, data: Dataset, look: Look | None = None, held: bool = False) -> Trainer:
    """Play a recipe on data to its end, on the CPU.

    Args:
        look: sees chosen steps; step 0 is before the first one.
        held: let the discriminator learn alone, against G(z) = z; the learning rate of the generator has to be 0.
    """
    device = torch.device("cpu")
    if held:
        seed_everything(recipe.budget.seed)
        pair: tuple[nn.Module, nn.Module] = Still(), build_discriminator(recipe.networks, data.shape)
    else:
        pair = build_networks(recipe.networks, data.shape, recipe.budget.seed)
    game = build_game(recipe, pair, device)
    rounds = Rounds(game, data, recipe.networks, recipe.budget.batch, recipe.budget.seed, device)
    trainer = Trainer(game, build_dynamics(recipe), rounds, None, [look] if look else [])
    if look is not None and look.due(0, False):
        look.watch(trainer)
    trainer.run(recipe.budget.steps)
    return trainer
