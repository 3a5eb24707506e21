"""A game as functions of one vector: the parameters of all players one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from gansmith.errors import GansmithError
from gansmith.games.game import Game, Player


class FlatGame:
    """A game as functions of one vector w.

    Attributes:
        own: which of its numbers are each player's.
        game, batch: whose costs these are.
    """

    def __init__(self, game: Game, batch: Any) -> None:
        self.game = game
        self.batch = batch
        self.shapes = {name: [p.shape for p in player.parameters] for name, player in game.players.items()}
        sizes = [sum(shape.numel() for shape in shapes) for shapes in self.shapes.values()]
        self.own: Mapping[str, slice] = {
            name: slice(sum(sizes[:i]), sum(sizes[: i + 1])) for i, name in enumerate(self.shapes)
        }

    @property
    def rates(self) -> Tensor:
        """The learning rate of each number.

        Raises:
            GansmithError: for a player whose move is not plain gradient descent.
        """
        return torch.cat([_rates(name, player) for name, player in self.game.players.items()])

    def of(self, game: Game) -> FlatGame:
        """Return another game of the same players as functions of the same vector."""
        return FlatGame(game, self.batch)

    def here(self) -> Tensor:
        """Return w as it stands."""
        players = self.game.players.values()
        return torch.cat([p.detach().flatten() for player in players for p in player.parameters])

    def pull(self, name: str, w: Tensor, seen: Tensor | None = None) -> Tensor:
        """Return the player's own part of the gradient of its cost, zero elsewhere, shape of w.

        Args:
            seen: where the cost is taken, if not at w: a function of w, through which the gradient passes.
        """
        cost = self.game.cost_at(name, self.batch, self._split(w if seen is None else seen))
        (total,) = torch.autograd.grad(cost, w, create_graph=True)
        mine = torch.zeros_like(w)
        mine[self.own[name]] = 1
        return total * mine

    def field(self, w: Tensor) -> Tensor:
        """Return v(w)."""
        return torch.stack([self.pull(name, w) for name in self.own]).sum(0)

    def _split(self, w: Tensor) -> dict[str, Sequence[Tensor]]:
        parts: dict[str, Sequence[Tensor]] = {}
        for name, shapes in self.shapes.items():
            pieces = torch.split(w[self.own[name]], [shape.numel() for shape in shapes])
            parts[name] = [piece.reshape(shape) for piece, shape in zip(pieces, shapes, strict=True)]
        return parts


def _rates(name: str, player: Player) -> Tensor:
    """Return the learning rate of each of a player's numbers."""
    optimizer = player.optimizer
    extras = ("momentum", "weight_decay", "maximize")
    plain = isinstance(optimizer, torch.optim.SGD) and not any(g[x] for g in optimizer.param_groups for x in extras)
    if not plain or player.constraint is not None or player.grad_clip:
        raise GansmithError(
            f"the {name} does not move by plain gradient descent: an update matrix needs torch.optim.SGD without "
            "momentum, weight decay or clipping"
        )
    groups = optimizer.param_groups
    return torch.cat([p.new_full((p.numel(),), float(g["lr"])) for g in groups for p in g["params"]])
