"""What every dynamics is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

from gansmith.settings import Kind

if TYPE_CHECKING:
    from torch import Tensor

    from gansmith.games.game import Game


class Dynamics(Protocol):
    """A way to move the players of any game: a frozen dataclass of its settings, which remembers nothing.

    It may also say what makes its steps differ by more than numbers (`changing`), how often the first player moves in a
    step (`leader_moves`, 1 by default), where a step of plain gradient descent leads
    (`after`, see `gansmith.dynamics.spectrum`), and that it moves along the mean gradient of minibatches that come
    `Together`, as whoever moves by `descend` or `field` alone does (`accumulates`).
    """

    def step(self, game: Game, batches: Iterator[Any]) -> dict[str, Tensor]:
        """Play one step and return each player's cost, still on the device."""
        ...


DYNAMICS = Kind("dynamics", "step")
"""Ours stand in `gansmith.dynamics`."""
