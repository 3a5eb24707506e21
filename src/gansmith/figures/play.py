"""Playing a GAN for a figure: the loop that trains networks, without a run folder, and somebody who looks."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gansmith.data import Dataset
from gansmith.networks import build_discriminator
from gansmith.recipes.composition import Recipe, change
from gansmith.streams import forked
from gansmith.training.assemble import assemble
from gansmith.training.moment import Moment
from gansmith.training.trainer import Trainer

SMOOTH = {"discriminator_activation": "tanh", "discriminator.betas": (0.5, 0.999), "batch": 256}
"""A discriminator of the 1-D example that learns alone, as a smooth function."""


@dataclass(frozen=True)
class Look:
    """A callback that sees chosen steps."""

    steps: Collection[int]
    see: Callable[[Trainer], None]

    def due(self, step: int, last: bool) -> bool:
        """Tell whether this is one of the steps."""
        return step in self.steps

    def __call__(self, moment: Moment) -> None:
        """Look."""
        self.see(moment.run)


class Still(nn.Module):
    """G(z) = z + shift, where shift is 0 and nobody moves it: a generator whose density is that of the noise."""

    def __init__(self) -> None:
        super().__init__()
        self.shift = nn.Parameter(torch.zeros(()))

    def forward(self, z: Tensor) -> Tensor:
        return z + self.shift


def held_pair(recipe: Recipe, data: Dataset) -> tuple[nn.Module, nn.Module]:
    """Return G(z) = z and the recipe's discriminator."""
    shape = tuple(data.shape)
    with forked(recipe.training.seed):
        return Still(), build_discriminator(recipe.family(shape), shape, options=recipe.discriminator_options)


def play(recipe: Recipe, data: Dataset, look: Look | None = None, held: bool = False) -> Trainer:
    """Play a recipe on data to its end, on the CPU.

    Args:
        look: sees chosen steps; step 0 is before the first one.
        held: let the discriminator learn alone, against G(z) = z; the learning rate of the generator has to be 0.
    """
    recipe = change(recipe, {"device": "cpu", "ema": 0.0})
    networks = held_pair(recipe, data) if held else None
    trainer = assemble(recipe, data, networks, [look] if look else [])
    if look is not None and look.due(0, False):
        look.see(trainer)
    trainer.run(recipe.training.steps)
    return trainer
