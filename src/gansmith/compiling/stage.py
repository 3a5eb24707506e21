"""A game of which every tensor can be replaced, so that a step of it is a function of tensors alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call

from gansmith.dynamics import Dynamics
from gansmith.errors import GansmithError
from gansmith.games.game import Player
from gansmith.games.gan import GAN
from gansmith.games.round import Round

Numbers = dict[str, Tensor]
COUNT = "step"
"""What torch's optimisers call the number of steps that they have taken."""


class Stage(nn.Module):
    """A game whose every tensor, parameters, buffers and what the optimisers keep, can be replaced for one step."""

    def __init__(self, game: GAN, inner: Dynamics) -> None:
        super().__init__()
        self.networks = nn.ModuleDict(game.networks)
        self.game = game
        self.inner = inner
        self.names = [name for name, _ in [*self.named_parameters(), *self.named_buffers()]]

    def play(self, tensors: Sequence[Tensor], times: Sequence[Tensor], rounds: list[Round]) -> tuple[Numbers, Numbers]:
        """Play a step with these tensors, in the order of `all_tensors`, at these times, in the order of `times_of`."""
        new = {id(mine): theirs for mine, theirs in zip(all_tensors(self.game), tensors, strict=True)}
        time = iter(times)
        for player in self.game.players.values():
            optimizer, state = player.optimizer, player.optimizer.state
            # loops over single tensors are what the compiler fuses best on a CPU, those over lists on a GPU; SGD takes
            # a learning rate that changes in the latter alone
            lists = rounds[0].x.is_cuda or isinstance(optimizer, torch.optim.SGD)
            form = {"fused": False, "foreach": lists, "capturable": True}
            count = next(time) if _counts(player) else None
            optimizer.state = defaultdict(dict)
            for parameter, kept in state.items():
                mine = {name: new.get(id(value), value) for name, value in kept.items()}
                optimizer.state[new[id(parameter)]] = mine if count is None else mine | {COUNT: count.clone()}
            for group in optimizer.param_groups:
                group["params"] = [new[id(p)] for p in group["params"]]
                group.update({name: choice for name, choice in form.items() if name in group})
            player.parameters = [new[id(p)] for p in player.parameters]
        for group in _scheduled(self.game):
            group["lr"] = next(time)
        replaced = dict(zip(self.names, tensors, strict=False))  # networks come first among the tensors
        played: tuple[Numbers, Numbers] = functional_call(self, replaced, (rounds,))
        return played

    def forward(self, rounds: list[Round]) -> tuple[Numbers, Numbers]:
        costs = self.inner.step(self.game, iter(rounds))
        return costs, {name: number.detach() for name, number in self.game.report().items()}


def all_tensors(game: GAN) -> list[Tensor]:
    """Return all that a step reads and changes: parameters, buffers, and what the optimisers keep but their counts."""
    networks = nn.ModuleDict(game.networks)
    tensors = [*networks.parameters(), *networks.buffers()]
    for player in game.players.values():
        kept = (player.optimizer.state.get(parameter, {}) for parameter in player.parameters)
        tensors += [v for state in kept for k, v in state.items() if isinstance(v, Tensor) and k != COUNT]
    return tensors


def times_of(game: GAN, device: torch.device) -> list[Tensor]:
    """Return what changes with time alone: the steps of each player's optimiser, then scheduled learning rates."""
    counts = [_counts(player)[0] for player in game.players.values() if _counts(player)]
    rates = [group["lr"] for group in _scheduled(game)]
    return [
        value.double()
        if isinstance(value, Tensor) and value.device == device
        else torch.full((), float(value), dtype=torch.float64, device=device)  # waits for nobody, unlike a copy
        for value in [*counts, *rates]
    ]


def _counts(player: Player) -> list[Tensor]:
    """Return the counts of steps that a player's optimiser keeps, one for every parameter."""
    return [state[COUNT] for state in player.optimizer.state.values() if COUNT in state]


def row_of_counts(player: Player) -> Tensor:
    """Return these counts as one tensor, in which they lie from now on, so that one addition moves all."""
    counts = _counts(player)
    row = counts[0]._base
    if row is None or any(count._base is not row for count in counts):
        row = torch.stack(counts)
        kept = (state for state in player.optimizer.state.values() if COUNT in state)
        for state, count in zip(kept, row, strict=True):
            state[COUNT] = count
    return row


def tally_of(game: GAN) -> list[tuple[int, int]]:
    """Return how often each player has moved, and how many steps its optimiser counts."""
    tally = []
    for name, player in game.players.items():
        steps = {int(count) for count in _counts(player)}
        if len(steps) > 1:
            raise GansmithError(f"compile = True: some of the {name}'s parameters have moved more often than others")
        tally.append((player.moves, max(steps, default=0)))
    return tally


def _scheduled(game: GAN) -> list[dict[str, Any]]:
    """Return the optimisers' groups whose learning rate changes; all others stay in the record as they are."""
    players = (player for player in game.players.values() if player.schedule is not None)
    return [group for player in players for group in player.optimizer.param_groups]


@contextmanager
def counting_in_tensors() -> Iterator[None]:
    """While inside, optimisers count their steps in tensors and not in Python, as when torch compiles them."""
    before = torch.compiler._is_compiling_flag
    torch.compiler._is_compiling_flag = True
    try:
        yield
    finally:
        torch.compiler._is_compiling_flag = before
