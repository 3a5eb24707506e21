"""A GAN is a game of two networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call

from gansmith.conditions import Condition
from gansmith.errors import GansmithError
from gansmith.games.game import Player
from gansmith.games.round import Round, View
from gansmith.games.terms import Term

NOTHING = Condition()


class GAN:
    """min over G, max over D, each player's cost being a sum of `Term`s.

    Args:
        generator: maps noise (N, latent), and a condition (N, size) if there is one, to samples.
        discriminator: maps samples, and what holds for them if it is `told`, to scores (N,) or to a `Judgement`.
        terms: adversarial loss, penalties, ...; each adds to the cost of either player or of both.
        players: "discriminator" and "generator", in this order of play.
        heads: networks that read the condition back, by name; they map (samples, the discriminator's features).
        condition: the layout of what the generator is asked for.
        told: whether the discriminator is told the condition.
        views: what the discriminator sees samples through.
        joint: let the discriminator see real samples and fakes in one pass; exact only where it has no batch
            statistics, and a waste where a penalty differentiates at either of them alone.
        precision: fp32, or bf16 for the forward passes (and so for the gradients, which move by a few percent).

    Goodfellow et al. 2014, "Generative adversarial nets", arXiv 1406.2661.
    """

    def __init__(
        self,
        generator: nn.Module,
        discriminator: nn.Module,
        terms: Sequence[Term],
        players: Mapping[str, Player],
        heads: Mapping[str, nn.Module] | None = None,
        condition: Condition = NOTHING,
        told: bool = False,
        views: Sequence[View] = (),
        joint: bool = False,
        precision: str = "fp32",
    ) -> None:
        if list(players) != ["discriminator", "generator"]:
            raise GansmithError(f"a GAN's players are discriminator, then generator; got {', '.join(players)}")
        self.generator = generator
        self.discriminator = discriminator
        self.terms = list(terms)
        self.players: Mapping[str, Player] = players
        self.heads: Mapping[str, nn.Module] = heads or {}
        self.condition = condition
        self.told = told
        self.views: Sequence[View] = views
        self.joint = joint
        self.precision = precision
        self._last: dict[str, Round] = {}
        self._parts: dict[str, Tensor] = {}
        self.reported: dict[str, Tensor] | None = None  # by whoever plays steps without asking for their costs

    def round(self, x: Tensor, z: Tensor, c: Tensor | None = None, rng: torch.Generator | None = None) -> Round:
        """Return a round of this game on real samples x, noise z and conditions c; see `Round`."""
        return Round(self, x, z, c, rng)

    def cost(self, player: str, batch: Round) -> Tensor:
        """Return the sum of what the terms ask this player to minimise."""
        total: Tensor | None = None
        with self._in_precision(batch.x.device):
            for term in self.terms:
                part = term.discriminator(batch) if player == "discriminator" else term.generator(batch)
                if part is not None:
                    self._parts[f"{player}/{term.name}"] = part.detach()
                    total = part if total is None else total + part
        if total is None:
            raise GansmithError(f"no term gives the {player} a cost: add an adversarial loss to the terms")
        self._last[player] = batch
        return total

    def _in_precision(self, device: torch.device) -> AbstractContextManager[Any]:
        return torch.autocast(device.type, torch.bfloat16) if self.precision == "bf16" else nullcontext()

    def cost_at(self, player: str, batch: Round, at: Mapping[str, Sequence[Tensor]]) -> Tensor:
        """Return the cost with the parameters of some players replaced by these tensors, differentiable in them."""
        costing = _Costing(self)
        names = {id(parameter): name for name, parameter in costing.named_parameters()}
        values = {
            names[id(parameter)]: value
            for name, replaced in at.items()
            for parameter, value in zip(self.players[name].parameters, replaced, strict=True)
        }
        cost: Tensor = functional_call(costing, values, (player, batch.again()))
        return cost

    @torch.no_grad()
    def report(self) -> dict[str, Tensor]:
        """Return the numbers behind the last costs: every term's share and the mean scores of real and fake."""
        if self.reported is not None:
            return self.reported
        numbers = dict(self._parts)
        for term in self.terms:
            numbers |= term.latest
        if "discriminator" in self._last:
            seen = self._last["discriminator"].seen()
            numbers |= {name: judgement.score.mean() for name, judgement in seen.items()}
        return numbers

    def forget(self) -> None:
        """Let go of the last rounds and their numbers: a game that holds on to graphs cannot be copied."""
        self._last.clear()
        self.reported = None

    def state_dict(self) -> dict[str, Any]:
        """Return both networks and both players, complete."""
        return {
            "generator": self.generator.state_dict(),
            "discriminator": self.discriminator.state_dict(),
            "heads": {name: head.state_dict() for name, head in self.heads.items()},
            "terms": {term.name: term.state_dict() for term in self.terms},
            "players": {name: player.state_dict() for name, player in self.players.items()},
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from a `state_dict`."""
        self.generator.load_state_dict(state["generator"])
        self.discriminator.load_state_dict(state["discriminator"])
        for name, head in self.heads.items():
            head.load_state_dict(state["heads"][name])
        for term in self.terms:
            term.load_state_dict(state["terms"][term.name])
        for name, player in self.players.items():
            player.load_state_dict(state["players"][name])


class _Costing(nn.Module):
    """A game as a module, which is what torch needs to replace parameters for the time of one call."""

    def __init__(self, game: GAN) -> None:
        super().__init__()
        self.networks = nn.ModuleList([game.generator, game.discriminator, *game.heads.values()])
        self.cost = game.cost

    def forward(self, player: str, batch: Round) -> Tensor:
        return self.cost(player, batch)
