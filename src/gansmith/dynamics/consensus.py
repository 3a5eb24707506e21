"""Consensus optimisation: every player also pays for the length of the field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from gansmith.dynamics.alternating import Alternating
from gansmith.dynamics.dynamics import DYNAMICS
from gansmith.errors import GansmithError
from gansmith.games.game import Game, Player, learning
from gansmith.settings import Component, Weight

if TYPE_CHECKING:
    from torch import Tensor

    from gansmith.dynamics.flat import FlatGame


@dataclass(frozen=True)
class Consensus:
    """Play `inner` on the game whose costs are f_i + (γ/2)‖v(w)‖².

    The extra term pulls all players to where nobody wants to move, which turns rotation into contraction.

    Mescheder, Nowozin, Geiger 2017, "The numerics of GANs", arXiv 1705.10461.
    """

    gamma: Weight = 1.0
    """γ, weight of (γ/2)‖v‖², v the field of all gradients, in every player's cost."""
    inner: Annotated[Component, DYNAMICS] = Alternating()
    """How the changed game is played."""

    @property
    def changing(self) -> str | None:
        """What makes a step of the inner dynamics another than the next."""
        return getattr(self.inner, "changing", None)

    @property
    def with_past(self) -> bool:
        """Whether the inner dynamics needs to know the last gradients."""
        return getattr(self.inner, "with_past", False)

    @property
    def leader_moves(self) -> int:
        """How often the first player moves in a step."""
        return getattr(self.inner, "leader_moves", 1)

    def check(self) -> None:
        """Refuse to look ahead twice."""
        if hasattr(self.inner, "unrolled_steps"):
            raise GansmithError("consensus and unrolled both look ahead: choose one")

    def step(self, game: Game, batches: Iterator[Any]) -> dict[str, Tensor]:
        costs: dict[str, Tensor] = self.inner.step(Agreeing(game, self.gamma), batches)
        return costs

    def after(self, flat: FlatGame, w: Tensor) -> Tensor:
        """Return where the inner dynamics leads in the changed game."""
        changed: Tensor = self.inner.after(flat.of(Agreeing(flat.game, self.gamma)), w)
        return changed


class Agreeing:
    """A game with (γ/2)‖v‖² added to every cost."""

    def __init__(self, game: Game, gamma: float) -> None:
        self.game = game
        self.gamma = gamma

    @property
    def players(self) -> Mapping[str, Player]:
        return self.game.players

    def cost(self, player: str, batch: Any) -> Tensor:
        with learning(self.game, *self.players):  # the field needs everybody's gradient, whoever's turn it is
            here = {name: q.parameters for name, q in self.players.items()}
            return self._charged(player, {name: self.game.cost(name, batch) for name in self.players}, here)

    def cost_at(self, player: str, batch: Any, at: Mapping[str, Sequence[Tensor]]) -> Tensor:
        with learning(self.game, *self.players):
            # views, because v is how a cost changes with what stands there, however that depends on anybody else
            there = {name: [p.view_as(p) for p in at.get(name, q.parameters)] for name, q in self.players.items()}
            return self._charged(player, {name: self.game.cost_at(name, batch, there) for name in self.players}, there)

    def _charged(self, player: str, costs: Mapping[str, Tensor], at: Mapping[str, Sequence[Tensor]]) -> Tensor:
        import torch

        total = costs[player]
        for name, cost in costs.items():
            v = torch.autograd.grad(cost, at[name], create_graph=True, allow_unused=True)
            total = total + 0.5 * self.gamma * sum(g.square().sum() for g in v if g is not None)
        return total
