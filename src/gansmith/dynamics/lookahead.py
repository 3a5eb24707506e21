"""Lookahead: every few steps, all players go part of the way back to where they were."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from gansmith.dynamics.alternating import Alternating
from gansmith.dynamics.dynamics import DYNAMICS
from gansmith.games.game import Game
from gansmith.settings import Component, Count, Range

if TYPE_CHECKING:
    from torch import Tensor

SLOW = "slow weights"


@dataclass(frozen=True)
class Lookahead:
    """After every k steps of `inner`, w ← w_slow + α (w − w_slow), jointly for all players; then w_slow ← w.

    Averaging along the way damps rotation: on min max xy k = 6 simultaneous steps of η that turn outwards end nearer
    to the middle for a wide range of η. The players keep their slow weights.

    Chavdarova, Pagliardini, Stich, Fleuret, Jaggi 2021, "Taming GANs with Lookahead-Minmax", arXiv 2006.14567; for
    one player: Zhang et al. 2019, arXiv 1907.08610.
    """

    lookahead_steps: Count = 5
    """k, steps of the inner dynamics between two steps back."""
    lookahead_rate: Annotated[float, Range(above=0, most=1)] = 0.5
    """α, how much of the way is kept; 1 keeps all."""
    inner: Annotated[Component, DYNAMICS] = Alternating()
    """How the players move in between."""
    changing: ClassVar[str] = "dynamics = lookahead"

    @property
    def accumulates(self) -> bool:
        """Whether the inner dynamics averages gradients of several minibatches."""
        return getattr(self.inner, "accumulates", False)

    @property
    def leader_moves(self) -> int:
        """How often the first player moves in a step."""
        return getattr(self.inner, "leader_moves", 1)

    def step(self, game: Game, batches: Iterator[Any]) -> dict[str, Tensor]:
        for player in game.players.values():
            if SLOW not in player.memory:
                player.memory[SLOW] = [p.detach().clone() for p in player.parameters]
        costs: dict[str, Tensor] = self.inner.step(game, batches)
        last = list(game.players.values())[-1]  # it moves once a step
        if last.moves % self.lookahead_steps == 0:
            self._back(game)
        return costs

    def _back(self, game: Game) -> None:
        import torch

        for player in game.players.values():
            with torch.no_grad():
                for parameter, slow in zip(player.parameters, player.memory[SLOW], strict=True):
                    assert slow is not None
                    parameter.copy_(slow.lerp_(parameter, self.lookahead_rate))
            player.version += 1
