"""A step taken apart: who is trained, who is frozen, and what the game looks like after each part."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gansmith.dynamics import Dynamics
from gansmith.games.game import Game, Player, descend

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Alone:
    """One player takes a step and nobody answers: the others are frozen."""

    player: str

    def step(self, game: Game, batches: Iterator[Any]) -> dict[str, Tensor]:
        return {self.player: descend(game, self.player, next(batches))}


class Watched:
    """A game that is played as ever, and calls `see` with the names of those who have moved, as soon as another one is
    asked for its cost.

    The numbers are those of the game: nothing is computed in another order.
    """

    def __init__(self, game: Game, see: Callable[[list[str]], None]) -> None:
        self.game = game
        self._see = see
        self._moves = self._now()

    @property
    def players(self) -> Mapping[str, Player]:
        return self.game.players

    def cost(self, player: str, batch: Any) -> Tensor:
        self.look()
        return self.game.cost(player, batch)

    def cost_at(self, player: str, batch: Any, at: Mapping[str, Sequence[Tensor]]) -> Tensor:
        self.look()
        return self.game.cost_at(player, batch, at)

    def look(self) -> None:
        """Tell who has moved since the last time, if anybody has."""
        now = self._now()
        moved = [name for name, version in now.items() if version != self._moves[name]]
        self._moves = now
        if moved:
            self._see(moved)

    def _now(self) -> dict[str, int]:
        return {name: player.version for name, player in self.game.players.items()}


@dataclass(frozen=True)
class InParts:
    """Another dynamics, whose steps are looked at part by part."""

    dynamics: Dynamics
    see: Callable[[list[str]], None]

    def step(self, game: Game, batches: Iterator[Any]) -> dict[str, Tensor]:
        watched = Watched(game, self.see)
        costs = self.dynamics.step(watched, batches)
        watched.look()
        return costs
