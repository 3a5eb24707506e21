"""Optimistic gradient descent: extragradient that remembers instead of looking ahead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from gansmith.games.game import Game, field, move

if TYPE_CHECKING:
    from torch import Tensor

    from gansmith.dynamics.flat import FlatGame
    from gansmith.games.game import Gradients

PAST = "past gradients"


@dataclass(frozen=True)
class Optimistic:
    """w ← w − η (2 v(w) − v(previous w)); the first step has no past and is a plain one.

    On min max xy the squared radius shrinks by (1 + √(1 − 4η²))/2 per step in the long run, for η ≤ ½. The players keep
    their past gradients.

    Daskalakis et al. 2018, "Training GANs with optimism", arXiv 1711.00141.
    """

    changing: ClassVar[str] = "dynamics = optimistic"
    with_past: ClassVar[bool] = True
    accumulates: ClassVar[bool] = True

    def step(self, game: Game, batches: Iterator[Any]) -> dict[str, Tensor]:
        v, costs = field(game, next(batches))
        hopeful = {name: _extrapolated(now, game.players[name].memory.get(PAST, now)) for name, now in v.items()}
        for name, now in v.items():
            game.players[name].memory[PAST] = [None if g is None else g.clone() for g in now]
        move(game, hopeful)
        return costs

    def after(self, flat: FlatGame, w: Tensor) -> Tensor:
        """Return (w − η(2v(w) − past), v(w)) of (w, past)."""
        import torch

        w, past = w.chunk(2)
        v = flat.field(w)
        return torch.cat([w - flat.rates * (2 * v - past), v])


def _extrapolated(now: Gradients, before: Gradients) -> Gradients:
    pairs = zip(now, before, strict=True)
    return [g if g is None or b is None else 2 * g - b for g, b in pairs]
