"""Alternating gradient descent: Algorithm 1 of the GAN paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from gansmith.games.game import Game, descend
from gansmith.settings import Count

if TYPE_CHECKING:
    from torch import Tensor

    from gansmith.dynamics.flat import FlatGame


@dataclass(frozen=True)
class Alternating:
    """The leader (a GAN's discriminator) takes k steps, then the others take one each.

    Goodfellow et al. 2014, arXiv 1406.2661, Algorithm 1. On min max xy it keeps x² + y² − ηxy: a bounded orbit.
    """

    n_critic: Count = 1
    """Moves of the leader, a GAN's discriminator, per move of the others (k in Algorithm 1)."""
    reuse: bool = True
    """The others answer the leader's last minibatch, so that its fakes are made once; otherwise each draws a fresh one,
    as Algorithm 1 is written."""
    leaders: Count = 1
    """Players that lead, the first ones in the order of play: two critics, for example, each of whom takes k steps."""
    accumulates: ClassVar[bool] = True

    @property
    def leader_moves(self) -> int:
        """How often a leader moves in a step."""
        return self.n_critic

    def step(self, game: Game, batches: Iterator[Any]) -> dict[str, Tensor]:
        players = list(game.players)
        leaders, others = players[: self.leaders], players[self.leaders :]
        costs = {}
        for i in range(self.n_critic):
            batch = next(batches)
            shared = self.reuse and i == self.n_critic - 1
            for leader in leaders:
                costs[leader] = descend(game, leader, batch, alone=not shared)
        for name in others:
            costs[name] = descend(game, name, batch if self.reuse else next(batches))
        return costs

    def after(self, flat: FlatGame, w: Tensor) -> Tensor:
        """Return the product of I − ηJ in the rows of whoever moves, k times the leader's, at w."""
        players = list(flat.own)
        for name in players[: self.leaders] * self.n_critic + players[self.leaders :]:
            w = w - flat.rates * flat.pull(name, w)
        return w


@dataclass(frozen=True)
class Leading:
    """The leaders alone take a step, and nobody answers: a part of a step of `Alternating`."""

    leaders: Count = 1
    accumulates: ClassVar[bool] = True

    def step(self, game: Game, batches: Iterator[Any]) -> dict[str, Tensor]:
        batch = next(batches)
        return {leader: descend(game, leader, batch) for leader in list(game.players)[: self.leaders]}
