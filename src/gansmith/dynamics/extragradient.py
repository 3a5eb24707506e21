"""Extragradient: look ahead, then correct."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from gansmith.games.game import Game, field, move, restore, snapshot

if TYPE_CHECKING:
    from torch import Tensor

    from gansmith.dynamics.flat import FlatGame


@dataclass(frozen=True)
class Extragradient:
    """w½ = w − η v(w); w ← w − η v(w½): the predictive, then the corrective step.

    On min max xy it turns inwards by √(1 − η² + η⁴) at every step.

    Korpelevich 1976; for GANs: Gidel et al. 2019, arXiv 1802.10551. With a stateful optimiser both half-steps pass
    through its moments, as in that paper's Algorithm 4.
    """

    accumulates: ClassVar[bool] = True

    def step(self, game: Game, batches: Iterator[Any]) -> dict[str, Tensor]:
        here = snapshot(game)
        ahead, _ = field(game, next(batches))
        move(game, ahead)
        v, costs = field(game, next(batches))
        restore(game, here)
        move(game, v)
        return costs

    def after(self, flat: FlatGame, w: Tensor) -> Tensor:
        """Return w − ηv(w − ηv(w))."""
        return w - flat.rates * flat.field(w - flat.rates * flat.field(w))
