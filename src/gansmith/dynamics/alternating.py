"""Alternating gradient descent: Algorithm 1 of the GAN paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from gansmith.dynamics.dynamics import Memoryless
from gansmith.games.game import Game, descend


@dataclass(frozen=True)
class Alternating(Memoryless):
    """The leader (a GAN's discriminator) takes k steps, then the others take one each.

    Args:
        k: steps of the leader.
        reuse: let the others answer the leader's last batch, so that its fakes are made once, instead of drawing a
            fresh one as Algorithm 1 is written.

    Goodfellow et al. 2014, arXiv 1406.2661, Algorithm 1. On min max xy it keeps x² + y² − ηxy: a bounded orbit.
    """

    k: int = 1
    reuse: bool = False

    def step(self, game: Game, batches: Iterator[Any]) -> dict[str, Tensor]:
        leader, *others = game.players
        costs = {}
        for i in range(self.k):
            batch = next(batches)
            shared = self.reuse and i == self.k - 1
            costs[leader] = descend(game, leader, batch, alone=not shared)
        for name in others:
            costs[name] = descend(game, name, batch if self.reuse else next(batches))
        return costs


@dataclass(frozen=True)
class Leading(Memoryless):
    """The leader alone takes a step, and nobody answers."""

    def step(self, game: Game, batches: Iterator[Any]) -> dict[str, Tensor]:
        leader = next(iter(game.players))
        return {leader: descend(game, leader, next(batches))}
