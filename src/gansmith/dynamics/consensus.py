"""Consensus optimisation: every player also pays for the length of the field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from gansmith.dynamics.dynamics import Dynamics
from gansmith.games.game import Game, Player, learning


class Consensus:
    """Play `inner` on the game whose costs are f_i + (γ/2)‖v(w)‖².

    The extra term pulls all players to where nobody wants to move, which turns rotation into contraction.

    Args:
        gamma: weight γ.
        inner: the dynamics that plays the changed game.

    Mescheder, Nowozin, Geiger 2017, "The numerics of GANs", arXiv 1705.10461.
    """

    def __init__(self, gamma: float, inner: Dynamics) -> None:
        self.gamma = gamma
        self.inner = inner

    def step(self, game: Game, batches: Iterator[Any]) -> dict[str, Tensor]:
        return self.inner.step(Agreeing(game, self.gamma), batches)

    def state_dict(self) -> dict[str, Any]:
        return self.inner.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.inner.load_state_dict(state)


class Agreeing:
    """A game with (γ/2)‖v‖² added to every cost."""

    def __init__(self, game: Game, gamma: float) -> None:
        self.game = game
        self.gamma = gamma

    @property
    def players(self) -> Mapping[str, Player]:
        return self.game.players

    def cost(self, player: str, batch: Any) -> Tensor:
        with learning(self.game, *self.players):  # the field needs everybody's gradient, whoever's turn it is
            here = {name: q.parameters for name, q in self.players.items()}
            return self._charged(player, {name: self.game.cost(name, batch) for name in self.players}, here)

    def cost_at(self, player: str, batch: Any, at: Mapping[str, Sequence[Tensor]]) -> Tensor:
        with learning(self.game, *self.players):
            # views, because v is how a cost changes with what stands there, however that depends on anybody else
            there = {name: [p.view_as(p) for p in at.get(name, q.parameters)] for name, q in self.players.items()}
            return self._charged(player, {name: self.game.cost_at(name, batch, there) for name in self.players}, there)

    def _charged(self, player: str, costs: Mapping[str, Tensor], at: Mapping[str, Sequence[Tensor]]) -> Tensor:
        total = costs[player]
        for name, cost in costs.items():
            v = torch.autograd.grad(cost, at[name], create_graph=True, allow_unused=True)
            total = total + 0.5 * self.gamma * sum(g.square().sum() for g in v if g is not None)
        return total
