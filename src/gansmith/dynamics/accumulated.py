"""Gradient accumulation: several minibatches for every move."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, repeat
from typing import TYPE_CHECKING, Any

from gansmith.dynamics.dynamics import Dynamics
from gansmith.games.game import Game, Together

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Accumulated:
    """Play `inner`, whose players move along the mean of their gradients on `count` minibatches.

    Where costs are means over samples that do not look at each other, it is the play of minibatches `count` times as
    large, in the memory of one. What looks at a minibatch as a whole (batch norm, means of features) looks at each.
    """

    inner: Dynamics
    count: int

    def step(self, game: Game, batches: Iterator[Any]) -> dict[str, Tensor]:
        together = (Together(list(islice(batches, self.count))) for _ in repeat(None))
        return self.inner.step(game, together)
