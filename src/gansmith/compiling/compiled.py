"""A whole training step as one compiled graph: forward passes, gradients and optimisers together.

A step is played on a copy of the game while torch writes down every operation it comes to, gradients and moves
included; the record is then compiled and played on the game itself. What Python decided while it was recorded stays
decided, so only steps that are all alike can be recorded: `gansmith.training.check` refuses the others.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

from gansmith.compiling.graphs import Launched, record
from gansmith.compiling.stage import Numbers, Stage, all_tensors, counting_in_tensors, row_of_counts, tally_of, times_of
from gansmith.dynamics import Accumulated, Alternating, Dynamics, Leading
from gansmith.errors import GansmithError
from gansmith.games.game import Game
from gansmith.games.gan import GAN
from gansmith.games.round import Round
from gansmith.networks.copying import memo_of
from gansmith.streams import forked


class Compiled:
    """Plays `inner` as compiled graphs, which do the same arithmetic rounded in another order.

    The very first step of a run is played as it stands: it is then that optimisers make what they keep.

    Args:
        inner: the dynamics.
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
            with forked():  # a resumed run writes down later: it must draw no numbers that the step would draw
                record = self._records[phase] = _Record(phase, game, _kept(batches, rounds))
            return record.play(rounds)
        except GansmithError:
            raise
        except Exception as error:  # of torch's recorder, of its compiler or of the C++ compiler behind it
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise GansmithError(
                f"compile = True: this step cannot be compiled here ({reason}): leave it out"
            ) from error

    def forget(self) -> None:
        """Let go of what was recorded: the next step is recorded anew."""
        self._records.clear()


def _phases(dynamics: Dynamics) -> list[Dynamics]:
    """Return what makes up a step, one after the other; what comes more than once is recorded once."""
    if isinstance(dynamics, Accumulated):
        return [dataclasses.replace(dynamics, inner=phase) for phase in _phases(dynamics.inner)]
    if isinstance(dynamics, Alternating) and dynamics.n_critic > 1:
        leading = Leading(dynamics.leaders)
        return [*[leading] * (dynamics.n_critic - 1), dataclasses.replace(dynamics, n_critic=1)]
    return [dynamics]


class _Record:
    """A step of a game, written down and compiled.

    It is written down with a copy of the game on the next rounds, which the game itself has yet to play.

    Attributes:
        rounds: how many of them a step takes.
    """

    def __init__(self, inner: Dynamics, game: GAN, batches: Iterator[Round]) -> None:
        game.forget()
        shadow = copy.deepcopy(game, memo_of(game.networks.values()))
        self.game = game
        examples: list[Round] = []
        before = tally_of(shadow)
        inner.step(shadow, _kept(_copies(shadow, batches), examples))  # tells which random numbers it takes
        shadow.forget()
        self._tally = [(a - c, b - d) for (a, b), (c, d) in zip(tally_of(shadow), before, strict=True)]
        self._numbers: list[list[str]] = []
        self._fixed = all_tensors(game)
        self.rounds = len(examples)
        self._asked = [example.minibatch.asked for example in examples]
        self._step = self._compiled(Stage(shadow, inner), examples)

    def _compiled(self, stage: Stage, examples: list[Round]) -> Callable[[list[Tensor]], Sequence[Tensor]]:
        """Write down what happens on the stage, with all that is read or changed as arguments, and compile it."""
        fixed = [t.detach().clone().requires_grad_(t.requires_grad) for t in all_tensors(stage.game)]
        times, contents = times_of(stage.game, fixed[0].device), [_contents(one) for one in examples]
        names = [list(one.minibatch.drawn) for one in examples]

        def step(*inputs: Tensor) -> list[Tensor]:
            rest = iter(inputs)
            tensors, now = ([next(rest) for _ in part] for part in (fixed, times))
            rounds = []
            for content, drawn in zip(contents, names, strict=True):
                x, z, *others = (next(rest) for _ in content)
                c = others.pop(0) if len(others) > len(drawn) else None
                rounds.append(stage.game.round(x, z, c))
                rounds[-1].minibatch.drawn = dict(zip(drawn, others, strict=True))
            played = stage.play(tensors, now, rounds)
            self._numbers = [list(numbers) for numbers in played]
            return [number for numbers in played for number in numbers.values()]

        varying = [*times, *(tensor for content in contents for tensor in content)]
        early = range(len(fixed), len(fixed) + len(times))
        with counting_in_tensors():
            function = record(step, [*fixed, *varying], early)
        if fixed[0].is_cuda:
            return Launched(function, self._fixed, varying)
        return lambda varying: function(*self._fixed, *varying)

    @torch.no_grad()
    def play(self, rounds: Sequence[Round]) -> Numbers:
        """Play the step on the game itself."""
        for one, asked in zip(rounds, self._asked, strict=True):
            one.minibatch.draw_all(asked)
        times = times_of(self.game, rounds[0].x.device)
        played = iter(self._step([*times, *(tensor for one in rounds for tensor in _contents(one))]))
        costs, self.game.reported = ({name: next(played) for name in names} for names in self._numbers)
        for player, (moves, steps) in zip(self.game.players.values(), self._tally, strict=True):
            player.moves += moves
            player.version += 1
            if steps:
                row_of_counts(player).add_(steps)
        return costs


def _copies(shadow: GAN, batches: Iterator[Round]) -> Iterator[Round]:
    """Yield rounds of the shadow on what rounds of the game are on."""
    for original in batches:
        rng = None
        if original.minibatch.rng is not None:
            rng = torch.Generator(original.minibatch.rng.device).set_state(original.minibatch.rng.get_state())
        yield shadow.round(original.x, original.z, original.c, rng)


def _kept(rounds: Iterator[Round], places: list[Round]) -> Iterator[Round]:
    """Yield rounds, and keep them."""
    for one in rounds:
        places.append(one)
        yield one


def _contents(one: Round) -> list[Tensor]:
    """Return what a round holds before anything is computed: x, z, c if there is one, and what was drawn."""
    return [one.x.detach(), one.z, *([] if one.c is None else [one.c]), *one.minibatch.drawn.values()]
