"""Optimistic gradient descent: extragradient that remembers instead of looking ahead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from torch import Tensor

from gansmith.games.game import Field, Game, Gradients, field, move


class Optimistic:
    """w ← w − η (2 v(w) − v(previous w)); the first step has no past and is a plain one.

    On min max xy the squared radius shrinks by (1 + √(1 − 4η²))/2 per step in the long run, for η ≤ ½.

    Daskalakis et al. 2018, "Training GANs with optimism", arXiv 1711.00141.
    """

    def __init__(self) -> None:
        self.past: Field = {}

    def step(self, game: Game, batches: Iterator[Any]) -> dict[str, Tensor]:
        v, costs = field(game, next(batches))
        hopeful = {name: _extrapolated(now, self.past.get(name, now)) for name, now in v.items()}
        self.past = {name: [None if g is None else g.clone() for g in now] for name, now in v.items()}
        move(game, hopeful)
        return costs

    def state_dict(self) -> dict[str, Any]:
        return {"past": self.past}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.past = state["past"]


def _extrapolated(now: Gradients, before: Gradients) -> Gradients:
    pairs = zip(now, before, strict=True)
    return [g if g is None or b is None else 2 * g - b.to(g.device) for g, b in pairs]  # a loaded past lies on the CPU
