"""The five works, and what every side of a contest starts from: the same weights, data and noise."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple, Protocol, cast

import torch
from torch import Tensor

from gansmith import recipe
from gansmith.data import Batch, Dataset
from gansmith.networks import fast_layers
from gansmith.recipes.composition import Recipe, change
from gansmith.terms import GradientPenalty
from gansmith.training.assemble import Pair, assemble, build_networks, open_data
from gansmith.training.rounds import Rounds

POOL = 5  # steps whose numbers are drawn ahead and then played again and again; as many as are checked

WORKS: dict[str, tuple[str, Recipe]] = {
    "toy": (
        "2-D toy, MLPs of 4 x 128",
        recipe("nsgan", data="grid", latent=2, generator_layers=4, discriminator_layers=4, batch=256),
    ),
    "mlp": (
        "28x28, MLPs of 3 x 256",
        recipe("nsgan", data="digits", image_size=28, network="mlp", hidden=256, batch=64),
    ),
    "dcgan32": ("DCGAN 32x32 gray, width 32", recipe("dcgan", image_size=32, width=32, batch=64)),
    "dcgan64": (
        "DCGAN 64x64 RGB, width 64",
        recipe("dcgan", data="stacked:digits", image_size=64, width=64, batch=64),
    ),
    "wgan-gp": (
        "WGAN-GP 32x32 gray, width 32, 5 critic moves",
        recipe("wgan-gp", image_size=32, width=32, batch=64),
    ),
    "resnet": (
        "residual networks, 32x32 RGB, width 64",
        recipe("dcgan", data="stacked:digits", network="resnet", image_size=32, width=64, batch=64),
    ),
}


class Turn(NamedTuple):
    """The numbers of one training step."""

    x: list[Tensor]
    """Real samples of each of the discriminator's moves."""
    z: list[Tensor]
    """Noise of each of its moves."""
    epsilon: list[Tensor]
    """Mixing weights of its gradient penalties, (N,) each."""
    answer: Tensor
    """Noise of the generator's move; the last of `z` where the generator answers the same minibatch."""


@dataclass
class Ground:
    """What every side starts from.

    Whoever is not gansmith finds the numbers of its steps lying in memory, drawn ahead; gansmith gathers its samples
    and draws its noise while it plays, as `gansmith train` does.
    """

    title: str
    recipe: Recipe
    device: torch.device
    dataset: Dataset
    initial: Pair
    turns: list[Turn]
    folder: Path

    @property
    def penalised(self) -> bool:
        """Tell whether the critic pays a gradient penalty."""
        return any(isinstance(term, GradientPenalty) for term in self.recipe.terms)

    def pair(self, ours: bool = False) -> Pair:
        """Return generator and discriminator with the initial weights; with torch's own layers unless they are ours."""
        generator, discriminator = copy.deepcopy(self.initial)
        for layer in [*generator.modules(), *discriminator.modules()]:
            if not ours and type(layer).__module__ == fast_layers.__name__:
                layer.__class__ = type(layer).__mro__[1]  # the same parameters, and the same mathematics
        return generator.to(self.device), discriminator.to(self.device)

    def endless(self) -> Iterator[Turn]:
        """Yield the turns, again and again."""
        return cycle(self.turns)


class Skipped(Exception):  # noqa: N818 - nothing is wrong
    """A side that does not play a work, and why."""


class Side(Protocol):
    """Somebody who can play a work."""

    note: str
    """What has to be said about how it plays."""
    same: bool
    """Whether it takes the plain loop's steps; only then can the weights agree."""

    def play(self, steps: int) -> None:
        """Play some steps, and be done with them on return."""
        ...

    def weights(self) -> list[Tensor]:
        """Return the generator's weights, then the discriminator's, as PyTorch has them."""
        ...


def prepare(work: str, device: torch.device, folder: Path, **changes: Any) -> Ground:
    """Open the data, build the networks and draw the numbers, in torch's default precision.

    Args:
        work: its name.
        device: where it is played.
        folder: for whatever a side writes.
        changes: settings of the recipe that differ from the work's.
    """
    title, plan = WORKS[work][0], change(WORKS[work][1], changes | {"device": str(device), "ema": 0.0})
    dataset = open_data(plan)
    if torch.get_default_dtype() == torch.float64:
        dataset = cast(Dataset, Doubled(dataset))
    networks = build_networks(plan, tuple(dataset.shape))
    initial = networks["generator"], networks["discriminator"]
    rounds = assemble(plan, dataset, copy.deepcopy(networks)).rounds
    turns = [_draw(rounds, plan) for _ in range(POOL)]
    return Ground(title, plan, device, dataset, initial, turns, folder)


def _draw(rounds: Rounds, plan: Recipe) -> Turn:
    """Draw the numbers that gansmith's step at this position plays with."""
    moves = [next(rounds) for _ in range(plan.dynamics.n_critic)]
    epsilon = [round.uniform("epsilon", (len(round.x),)) for round in moves]
    answer = moves[-1] if plan.dynamics.reuse else next(rounds)
    return Turn([round.x.detach() for round in moves], [round.z for round in moves], epsilon, answer.z)


class Doubled:
    """Any data, in float64.

    Args:
        dataset: the data as they are.
    """

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset

    def __getattr__(self, name: str) -> Any:
        return getattr(self.dataset, name)

    def batches(self, size: int, seed: int, start: int, device: torch.device) -> Iterator[Batch]:
        """Yield the same minibatches."""
        for batch in self.dataset.batches(size, seed, start, device):
            yield batch._replace(x=batch.x.double())
