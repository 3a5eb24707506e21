"""Simultaneous gradient descent: everybody moves at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from gansmith.games.game import Game, field, move

if TYPE_CHECKING:
    from torch import Tensor

    from gansmith.dynamics.flat import FlatGame


@dataclass(frozen=True)
class Simultaneous:
    """w ← w − η v(w), v the field of every player's gradient of its own cost.

    On min max xy it turns outwards by √(1 + η²) at every step.
    """

    accumulates: ClassVar[bool] = True

    def step(self, game: Game, batches: Iterator[Any]) -> dict[str, Tensor]:
        v, costs = field(game, next(batches))
        move(game, v)
        return costs

    def after(self, flat: FlatGame, w: Tensor) -> Tensor:
        """Return w − ηv(w)."""
        return w - flat.rates * flat.field(w)
