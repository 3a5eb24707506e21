"""Simultaneous gradient descent: everybody moves at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from torch import Tensor

from gansmith.dynamics.dynamics import Memoryless
from gansmith.games.game import Game, field, move


class Simultaneous(Memoryless):
    """w ← w − η v(w), v the field of every player's gradient of its own cost.

    On min max xy it turns outwards by √(1 + η²) at every step.
    """

    def step(self, game: Game, batches: Iterator[Any]) -> dict[str, Tensor]:
        v, costs = field(game, next(batches))
        move(game, v)
        return costs
