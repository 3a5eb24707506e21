"""A whole training step as one compiled graph: forward passes, gradients and optimisers together.

A step is played on a copy of the game while torch writes down every operation it comes to, gradients and moves
included; the record is then compiled and played on the game itself. What Python decided while it was recorded stays
decided, so only steps that are all alike can be recorded: `runs.check` refuses the others.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call

from gansmith.dynamics import Alternating, Dynamics, Leading
from gansmith.errors import GansmithError
from gansmith.games.game import Game, Player
from gansmith.games.gan import GAN
from gansmith.games.round import Round
from gansmith.training.graphs import Launched, record

Numbers = dict[str, Tensor]
COUNT = "step"
"""What torch's optimisers call the number of steps that they have taken."""


class Compiled:
    """Plays `inner` as compiled graphs, which do the same arithmetic rounded in another order.

    The very first step of a run is played as it stands: it is then that optimisers make what they keep.

    Args:
        inner: a dynamics that remembers nothing.
    """

    def __init__(self, inner: Dynamics) -> None:
        self.inner = inner
        self._records: dict[Dynamics, _Record] = {}

    def step(self, game: Game, batches: Iterator[Round]) -> Numbers:
        """Play one step and return each player's cost, still on the device."""
        assert isinstance(game, GAN)
        if not all(player.moves for player in game.players.values()):
            return self.inner.step(game, batches)
        costs: Numbers = {}
        for phase in _phases(self.inner):
            costs |= self._play(phase, game, batches)
        return costs

    def _play(self, phase: Dynamics, game: GAN, batches: Iterator[Round]) -> Numbers:
        if phase in self._records:
            record = self._records[phase]
            return record.play([next(batches) for _ in range(record.rounds)])
        try:
            rounds: list[Round] = []
            record = self._records[phase] = _Record(phase, game, _kept(batches, rounds))
            return record.play(rounds)
        except GansmithError:
            raise
        except Exception as error:  # of torch's recorder, of its compiler or of the C++ compiler behind it
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise GansmithError(
                f"compile = True: this step cannot be compiled here ({reason}): leave it out"
            ) from error

    def state_dict(self) -> dict[str, Any]:
        """Return what the inner dynamics remembers."""
        return self.inner.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from a `state_dict`."""
        self.inner.load_state_dict(state)
        self._records.clear()


def _phases(dynamics: Dynamics) -> list[Dynamics]:
    """Return what makes up a step, one after the other; what comes more than once is recorded once."""
    if isinstance(dynamics, Alternating) and dynamics.k > 1:
        return [*[Leading()] * (dynamics.k - 1), Alternating(1, dynamics.reuse)]
    return [dynamics]


class _Record:
    """A step of a game, written down and compiled.

    It is written down with a copy of the game on the next rounds, which the game itself has yet to play.

    Attributes:
        rounds: how many of them a step takes.
    """

    def __init__(self, inner: Dynamics, game: GAN, batches: Iterator[Round]) -> None:
        game.forget()
        shadow = copy.deepcopy(game)
        self.game = game
        examples: list[Round] = []
        before = _tally(shadow)
        inner.step(shadow, _kept(_copies(shadow, batches), examples))  # tells which random numbers it takes
        shadow.forget()
        self._tally = [(a - c, b - d) for (a, b), (c, d) in zip(_tally(shadow), before, strict=True)]
        self._told: list[list[str]] = []
        self._fixed = _tensors(game)
        self.rounds = len(examples)
        self._asked = [example.asked for example in examples]
        self._step = self._compiled(_Stage(shadow, inner), examples)

    def _compiled(self, stage: _Stage, examples: list[Round]) -> Callable[[list[Tensor]], Sequence[Tensor]]:
        """Write down what happens on the stage, with all that is read or changed as arguments, and compile it."""
        fixed = [t.detach().clone().requires_grad_(t.requires_grad) for t in _tensors(stage.game)]
        times, contents = _times(stage.game, fixed[0].device), [_contents(one) for one in examples]
        names = [list(one.drawn) for one in examples]

        def step(*inputs: Tensor) -> list[Tensor]:
            rest = iter(inputs)
            tensors, now = ([next(rest) for _ in part] for part in (fixed, times))
            rounds = []
            for content, drawn in zip(contents, names, strict=True):
                x, z, *others = (next(rest) for _ in content)
                c = others.pop(0) if len(others) > len(drawn) else None
                rounds.append(stage.game.round(x, z, c))
                rounds[-1].drawn = dict(zip(drawn, others, strict=True))
            told = stage.play(tensors, now, rounds)
            self._told = [list(numbers) for numbers in told]
            return [number for numbers in told for number in numbers.values()]

        varying = [*times, *(tensor for content in contents for tensor in content)]
        early = range(len(fixed), len(fixed) + len(times))
        with _optimisers_keep_to_tensors():
            function = record(step, [*fixed, *varying], early)
        if fixed[0].is_cuda:
            return Launched(function, self._fixed, varying)
        return lambda varying: function(*self._fixed, *varying)

    @torch.no_grad()
    def play(self, rounds: Sequence[Round]) -> Numbers:
        """Play the step on the game itself."""
        for one, asked in zip(rounds, self._asked, strict=True):
            one.draw(asked)
        times = _times(self.game, rounds[0].x.device)
        told = iter(self._step([*times, *(tensor for one in rounds for tensor in _contents(one))]))
        costs, self.game.reported = ({name: next(told) for name in names} for names in self._told)
        for player, (moves, steps) in zip(self.game.players.values(), self._tally, strict=True):
            player.moves += moves
            player.version += 1
            if steps:
                _row(player).add_(steps)
        return costs


class _Stage(nn.Module):
    """A game whose every tensor, parameters, buffers and what the optimisers keep, can be replaced for one step."""

    def __init__(self, game: GAN, inner: Dynamics) -> None:
        super().__init__()
        self.networks = _networks(game)
        self.game = game
        self.inner = inner
        self.names = [name for name, _ in [*self.named_parameters(), *self.named_buffers()]]

    def play(self, tensors: Sequence[Tensor], times: Sequence[Tensor], rounds: list[Round]) -> tuple[Numbers, Numbers]:
        """Play a step with these tensors, in the order of `_tensors`, at these times, in the order of `_times`."""
        new = {id(mine): theirs for mine, theirs in zip(_tensors(self.game), tensors, strict=True)}
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


def _copies(shadow: GAN, batches: Iterator[Round]) -> Iterator[Round]:
    """Yield rounds of the shadow on what rounds of the game are on."""
    for original in batches:
        rng = None
        if original.rng is not None:
            rng = torch.Generator(original.rng.device).set_state(original.rng.get_state())
        yield shadow.round(original.x, original.z, original.c, rng)


def _kept(rounds: Iterator[Round], places: list[Round]) -> Iterator[Round]:
    """Yield rounds, and keep them."""
    for one in rounds:
        places.append(one)
        yield one


def _networks(game: GAN) -> nn.ModuleList:
    return nn.ModuleList([game.generator, game.discriminator, *game.heads.values()])


def _tensors(game: GAN) -> list[Tensor]:
    """Return all that a step reads and changes: parameters, buffers, and what the optimisers keep but their counts."""
    networks = _networks(game)
    tensors = [*networks.parameters(), *networks.buffers()]
    for player in game.players.values():
        kept = (player.optimizer.state.get(parameter, {}) for parameter in player.parameters)
        tensors += [v for state in kept for k, v in state.items() if isinstance(v, Tensor) and k != COUNT]
    return tensors


def _times(game: GAN, device: torch.device) -> list[Tensor]:
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


def _row(player: Player) -> Tensor:
    """Return these counts as one tensor, in which they lie from now on, so that one addition moves all."""
    counts = _counts(player)
    row = counts[0]._base
    if row is None or any(count._base is not row for count in counts):
        row = torch.stack(counts)
        kept = (state for state in player.optimizer.state.values() if COUNT in state)
        for state, count in zip(kept, row, strict=True):
            state[COUNT] = count
    return row


def _tally(game: GAN) -> list[tuple[int, int]]:
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


def _contents(one: Round) -> list[Tensor]:
    """Return what a round holds before anything is computed: x, z, c if there is one, and what was drawn."""
    return [one.x.detach(), one.z, *([] if one.c is None else [one.c]), *one.drawn.values()]


@contextmanager
def _optimisers_keep_to_tensors() -> Iterator[None]:
    """While inside, optimisers count their steps in tensors and not in Python, as when torch compiles them."""
    before = torch.compiler._is_compiling_flag
    torch.compiler._is_compiling_flag = True
    try:
        yield
    finally:
        torch.compiler._is_compiling_flag = before
