"""A GAN is a game of networks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call

from gansmith.conditions import Condition
from gansmith.errors import GansmithError, unknown
from gansmith.games.game import Player
from gansmith.games.minibatch import Minibatch
from gansmith.games.round import Augmentation, Round
from gansmith.networks.copying import fill_network
from gansmith.settings import check, name_of

NOTHING = Condition()


def _generate(batch: Round) -> Tensor:
    return batch.generate(batch.z)


class GAN:
    """Networks, the players who move them, and what each player pays: a sum of terms.

    Who moves a network follows from whose parameters it has.

    Args:
        networks: by name. The "generator" maps noise (N, latent), and a condition (N, size) if there is one, to
            samples; a discriminator maps samples, and their conditions if it is one of the conditional ones, to scores
            (N,) or to a `DiscriminatorOutput`; terms know what others are for.
        players: in their order of play.
        terms: adversarial loss, penalties, ...; each adds to the cost of one player or of several. See
            `gansmith.terms.Term`.
        condition: the layout of what the generator is asked for.
        conditional_discriminators: those that take (x, c), the conditions beside the samples.
        augmentations: what discriminators see samples through.
        joint: the discriminators that may see real samples and fakes in one pass; exact only where they have no batch
            statistics, and a waste where a penalty differentiates at either of them alone.
        precision: fp32, or bf16 for the forward passes (and so for the gradients, which move by a few percent).
        horizon: moves of the first player in the whole run.

    Raises:
        GansmithError: a term has a cost for somebody who is no player, or a player has no cost.

    Goodfellow et al. 2014, "Generative adversarial nets", arXiv 1406.2661.
    """

    def __init__(
        self,
        networks: Mapping[str, nn.Module],
        players: Mapping[str, Player],
        terms: Sequence[Any],
        *,
        condition: Condition = NOTHING,
        conditional_discriminators: frozenset[str] = frozenset(),
        augmentations: Sequence[Augmentation] = (),
        joint: frozenset[str] = frozenset(),
        precision: str = "fp32",
        horizon: int = 1,
    ) -> None:
        self.networks = dict(networks)
        self.players = players
        self.terms: dict[str, Any] = {name_of(term): term for term in terms}
        self.condition = condition
        self.conditional_discriminators = conditional_discriminators
        self.augmentations = augmentations
        self.joint = joint
        self.precision = precision
        self.horizon = horizon
        self.samples: dict[str, Callable[[Round], Tensor]] = {"fake": _generate}
        for term in terms:
            check(term)
            self.samples |= getattr(term, "samples", {})
        self.costs = _costs(terms, players)
        self._movers = _movers(self.networks, players)
        self._notes: dict[str, Tensor] = {}
        self.reported: dict[str, Tensor] | None = None  # by whoever plays steps without asking for their costs

    def round(self, x: Tensor, z: Tensor, c: Tensor | None = None, rng: torch.Generator | None = None) -> Round:
        """Return a round of this game on real samples x, noise z and conditions c; see `Minibatch`."""
        return Round(self, Minibatch(x, z, c, rng))

    def cost(self, player: str, batch: Round) -> Tensor:
        """Return the sum of what the terms ask this player to minimise."""
        if player not in self.players:
            raise unknown("player", player, self.players)
        total: Tensor | None = None
        with self._in_precision(batch.x.device):
            for name, cost in self.costs[player].items():
                share = cost(batch)
                if share is not None:
                    batch.note(f"{player}/{name}", share)
                    total = share if total is None else total + share
        self._notes |= batch.notes
        if total is None:
            raise GansmithError(f"the {player} has no cost in this step: no term has a share for it")
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

    def stamp(self, networks: frozenset[str]) -> tuple[Any, ...]:
        """Return where networks stand: at which move of each player who moves them, and whether that one can learn."""
        return tuple(
            (player.version, player.parameters[0].requires_grad) for name in networks for player in self._movers[name]
        )

    @torch.no_grad()
    def report(self) -> dict[str, Tensor]:
        """Return what the terms noted at the last costs: every share, mean scores, and what else they note."""
        if self.reported is not None:
            return self.reported
        return {name: value.mean() if value.dim() else value for name, value in self._notes.items()}

    def forget(self) -> None:
        """Let go of the last numbers."""
        self._notes.clear()
        self.reported = None

    def state_dict(self) -> dict[str, Any]:
        """Return all networks and all players, complete."""
        return {
            "networks": {name: network.state_dict() for name, network in self.networks.items()},
            "players": {name: player.state_dict() for name, player in self.players.items()},
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from a `state_dict`.

        Raises:
            GansmithError: if it is one of other networks.
        """
        for name, network in self.networks.items():
            if name not in state["networks"]:
                raise GansmithError(f"the checkpoint knows no {name}: there are {', '.join(state['networks'])}")
            fill_network(network, state["networks"][name], f"the {name} is another than that of the checkpoint")
        for name, player in self.players.items():
            try:
                player.load_state_dict(state["players"][name])
            except (ValueError, KeyError) as error:
                raise GansmithError(f"the {name} learns other parameters than in the checkpoint ({error})") from error


def _costs(
    terms: Sequence[Any], players: Mapping[str, Player]
) -> dict[str, dict[str, Callable[[Round], Tensor | None]]]:
    """Return the costs by player and term, or say which of them is nobody's."""
    costs: dict[str, dict[str, Callable[[Round], Tensor | None]]] = {player: {} for player in players}
    names = [name_of(term) for term in terms]
    for name, term in zip(names, terms, strict=True):
        if names.count(name) > 1:
            raise GansmithError(f"two terms are called {name}: give one of them another name")
        for player, cost in term.costs.items():
            if player not in costs:
                raise GansmithError(f"{name} has a cost for the {player}, who is no player: {', '.join(players)} are")
            costs[player][name] = cost
    for player, shares in costs.items():
        if not shares:
            raise GansmithError(f"no term gives the {player} a cost: add one, an adversarial loss for example")
    return costs


def _movers(networks: Mapping[str, nn.Module], players: Mapping[str, Player]) -> dict[str, list[Player]]:
    """Return who moves each network."""
    owners = {id(parameter): player for player in players.values() for parameter in player.parameters}
    movers = {}
    for name, network in networks.items():
        own = {id(owners[id(p)]): owners[id(p)] for p in network.parameters() if id(p) in owners}
        movers[name] = list(own.values())
    return movers


class _Costing(nn.Module):
    """A game as a module, which is what torch needs to replace parameters for the time of one call."""

    def __init__(self, game: GAN) -> None:
        super().__init__()
        self.networks = nn.ModuleDict(game.networks)
        self.cost = game.cost

    def forward(self, player: str, batch: Round) -> Tensor:
        return self.cost(player, batch)
