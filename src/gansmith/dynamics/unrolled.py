"""Unrolled play: the generator answers the discriminator it will meet, not the one it sees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gansmith.games.game import Game, descend
from gansmith.settings import Index, Positive

if TYPE_CHECKING:
    from torch import Tensor

    from gansmith.dynamics.flat import FlatGame


@dataclass(frozen=True)
class Unrolled:
    """The leader takes one step; the others descend their cost at w_k, k further steps of the leader ahead.

    w_0 = w, w_{i+1} = w_i − η ∇C_leader(w_i); the gradient of the others passes through all k steps, which are taken
    back afterwards. On min max xy, with x the one who looks ahead, it adds kη x² to x's cost. With k = 0 it is
    alternating play. Steps ahead diverge where η exceeds 2 over the largest curvature of the leader's cost: the others
    then answer a leader that never comes.

    Metz et al. 2017, "Unrolled generative adversarial networks", arXiv 1611.02163.
    """

    unrolled_steps: Index = 5
    """k, discriminator steps the generator looks ahead, and differentiates through."""
    unrolled_lr: Positive = 0.003
    """η, step size of those steps of plain gradient descent; above 2 over the largest curvature they diverge."""

    def step(self, game: Game, batches: Iterator[Any]) -> dict[str, Tensor]:
        leader, *others = game.players
        batch = next(batches)
        costs = {leader: descend(game, leader, batch, alone=False)}
        for name in others:
            if not self.unrolled_steps:
                costs[name] = descend(game, name, batch)
                continue
            cost = game.cost_at(name, batch, {leader: self._ahead(game, leader, batch)})
            game.players[name].move(game.players[name].gradients(cost))
            costs[name] = cost.detach()
        return costs

    def _ahead(self, game: Game, leader: str, batch: Any) -> Sequence[Tensor]:
        """Return the leader's parameters k steps ahead, as a function of everybody else's."""
        import torch

        w = [p.detach().requires_grad_() for p in game.players[leader].parameters]
        for _ in range(self.unrolled_steps):
            cost = game.cost_at(leader, batch, {leader: w})
            gradients = torch.autograd.grad(cost, w, create_graph=True, allow_unused=True)
            w = [p if g is None else p - self.unrolled_lr * g for p, g in zip(w, gradients, strict=True)]
        return w

    def after(self, flat: FlatGame, w: Tensor) -> Tensor:
        """Return the leader's step, then the others' with the slope of their total gradient through k steps ahead."""
        leader, *others = flat.own
        w = w - flat.rates * flat.pull(leader, w)
        for name in others:
            ahead = w
            for _ in range(self.unrolled_steps):
                ahead = ahead - self.unrolled_lr * flat.pull(leader, ahead)
            w = w - flat.rates * flat.pull(name, w, seen=ahead)
        return w
