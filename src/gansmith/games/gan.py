"""A GAN is a game of two networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from gansmith.errors import GansmithError
from gansmith.games.game import Player
from gansmith.games.round import Round
from gansmith.games.terms import Term


class GAN:
    """min over G, max over D, each player's cost being a sum of `Term`s.

    Args:
        generator: maps noise (N, latent) to samples.
        discriminator: maps samples to scores (N,) or to a `Judgement`.
        terms: adversarial loss, penalties, ...; each adds to the cost of either player or of both.
        players: "discriminator" and "generator", in this order of play.

    Goodfellow et al. 2014, "Generative adversarial nets", arXiv 1406.2661.
    """

    def __init__(
        self, generator: nn.Module, discriminator: nn.Module, terms: Sequence[Term], players: Mapping[str, Player]
    ) -> None:
        if list(players) != ["discriminator", "generator"]:
            raise GansmithError(f"a GAN's players are discriminator, then generator; got {', '.join(players)}")
        self.generator = generator
        self.discriminator = discriminator
        self.terms = list(terms)
        self.players: Mapping[str, Player] = players
        self._last: dict[str, Round] = {}
        self._parts: dict[str, Tensor] = {}

    def round(self, x: Tensor, z: Tensor, labels: Tensor | None = None, rng: torch.Generator | None = None) -> Round:
        """Return a round of this game on real samples x and noise z; see `Round`."""
        return Round(self.generator, self.discriminator, self.players, x, z, labels, rng)

    def cost(self, player: str, batch: Round) -> Tensor:
        """Return the sum of what the terms ask this player to minimise."""
        total: Tensor | None = None
        for term in self.terms:
            part = term.discriminator(batch) if player == "discriminator" else term.generator(batch)
            if part is not None:
                self._parts[f"{player}/{term.name}"] = part.detach()
                total = part if total is None else total + part
        if total is None:
            raise GansmithError(f"no term gives the {player} a cost: add an adversarial loss to the terms")
        self._last[player] = batch
        return total

    @torch.no_grad()
    def report(self) -> dict[str, Tensor]:
        """Return the numbers behind the last costs: every term's share and the mean scores of real and fake."""
        numbers = dict(self._parts)
        if "discriminator" in self._last:
            seen = self._last["discriminator"].seen()
            numbers |= {name: judgement.score.mean() for name, judgement in seen.items()}
        return numbers

    def state_dict(self) -> dict[str, Any]:
        """Return both networks and both players, complete."""
        return {
            "generator": self.generator.state_dict(),
            "discriminator": self.discriminator.state_dict(),
            "players": {name: player.state_dict() for name, player in self.players.items()},
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from a `state_dict`."""
        self.generator.load_state_dict(state["generator"])
        self.discriminator.load_state_dict(state["discriminator"])
        for name, player in self.players.items():
            player.load_state_dict(state["players"][name])
