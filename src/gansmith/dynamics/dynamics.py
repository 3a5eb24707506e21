"""What every dynamics is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from torch import Tensor

from gansmith.games.game import Game


class Dynamics(Protocol):
    """A way to move the players of any game."""

    def step(self, game: Game, batches: Iterator[Any]) -> dict[str, Tensor]:
        """Play one step and return each player's cost, still on the device."""
        ...

    def state_dict(self) -> dict[str, Any]:
        """Return what the next step needs to know of the last ones."""
        ...

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from a `state_dict`."""
        ...


class Memoryless:
    """A dynamics whose next step needs to know nothing of the last ones."""

    def state_dict(self) -> dict[str, Any]:
        """Return nothing."""
        return {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from nothing."""
