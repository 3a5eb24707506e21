"""Unrolled play: the generator answers the discriminator it will meet, not the one it sees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from gansmith.dynamics.dynamics import Memoryless
from gansmith.games.game import Game, descend


@dataclass(frozen=True)
class Unrolled(Memoryless):
    """The leader takes one step; the others descend their cost at w_k, k further steps of the leader ahead.

    w_0 = w, w_{i+1} = w_i − η ∇C_leader(w_i); the gradient of the others passes through all k steps, which are taken
    back afterwards. On min max xy, with x the one who looks ahead, it adds kη x² to x's cost. With k = 0 it is
    alternating play.

    Args:
        k: steps ahead.
        lr: η, of plain gradient descent.

    Metz et al. 2017, "Unrolled generative adversarial networks", arXiv 1611.02163.
    """

    k: int = 5
    lr: float = 0.1

    def step(self, game: Game, batches: Iterator[Any]) -> dict[str, Tensor]:
        leader, *others = game.players
        batch = next(batches)
        costs = {leader: descend(game, leader, batch, alone=False)}
        for name in others:
            if not self.k:
                costs[name] = descend(game, name, batch)
                continue
            cost = game.cost_at(name, batch, {leader: self._ahead(game, leader, batch)})
            game.players[name].move(game.players[name].gradients(cost))
            costs[name] = cost.detach()
        return costs

    def _ahead(self, game: Game, leader: str, batch: Any) -> Sequence[Tensor]:
        """Return the leader's parameters k steps ahead, as a function of everybody else's."""
        w = [p.detach().requires_grad_() for p in game.players[leader].parameters]
        for _ in range(self.k):
            cost = game.cost_at(leader, batch, {leader: w})
            gradients = torch.autograd.grad(cost, w, create_graph=True, allow_unused=True)
            w = [p if g is None else p - self.lr * g for p, g in zip(w, gradients, strict=True)]
        return w
