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
from torch.fx.experimental.proxy_tensor import make_fx

from gansmith.dynamics import Alternating, Dynamics, Leading
from gansmith.errors import GansmithError
from gansmith.games.game import Game
from gansmith.games.gan import GAN
from gansmith.games.round import Round

Numbers = dict[str, Tensor]
Step = Callable[[list[Tensor], list[list[Tensor]], list[Tensor]], tuple[Numbers, Numbers]]
"""(all tensors of the game, those of every round, learning rates) → costs, and the numbers behind them."""


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
            return record.play([next(batches) for _ in record.rounds])
        try:
            record = self._records[phase] = _Record(phase, game, batches)
            return record.play(record.rounds)
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

    Attributes:
        rounds: those that the copy was played on; the game itself has yet to play them.
    """

    def __init__(self, inner: Dynamics, game: GAN, batches: Iterator[Round]) -> None:
        game.forget()
        shadow = copy.deepcopy(game)
        self.game = game
        self.rounds: list[Round] = []
        self._examples: list[Round] = []
        before = [player.moves for player in shadow.players.values()]
        inner.step(shadow, self._copies(shadow, batches))  # tells how many rounds and which random numbers it takes
        shadow.forget()
        self._moves = [p.moves - b for p, b in zip(shadow.players.values(), before, strict=True)]
        self._tensors = _tensors(game)
        self._rates = [torch.zeros((), dtype=torch.float64) for _ in _scheduled(game)]
        self._step = self._compiled(_Stage(shadow, inner))

    def _copies(self, shadow: GAN, batches: Iterator[Round]) -> Iterator[Round]:
        """Yield rounds of the shadow on what rounds of the game are on, and keep both."""
        for original in batches:
            rng = None
            if original.rng is not None:
                rng = torch.Generator(original.rng.device).set_state(original.rng.get_state())
            self.rounds.append(original)
            self._examples.append(shadow.round(original.x, original.z, original.c, rng))
            yield self._examples[-1]

    def _compiled(self, stage: _Stage) -> Step:
        """Write down what happens on the stage, with all that is read or changed as arguments, and compile it."""
        drawn = [list(example.drawn) for example in self._examples]

        def step(tensors: list[Tensor], contents: list[list[Tensor]], rates: list[Tensor]) -> tuple[Numbers, Numbers]:
            rounds = []
            for (x, z, *rest), names in zip(contents, drawn, strict=True):
                c = rest.pop(0) if len(rest) > len(names) else None
                rounds.append(stage.game.round(x, z, c))
                rounds[-1].drawn = dict(zip(names, rest, strict=True))
            return stage.play(tensors, rates, rounds)

        tensors = [t.detach().clone().requires_grad_(t.requires_grad) for t in _tensors(stage.game)]
        contents = [_contents(example) for example in self._examples]
        with _optimisers_keep_to_tensors():
            graph = make_fx(step)(tensors, contents, [rate.clone() for rate in self._rates])
        options: dict[str, Any] = {"triton.cudagraphs": True} if tensors[0].is_cuda else {}
        compiled: Step = torch.compile(graph, dynamic=False, options=options)
        return compiled

    @torch.no_grad()
    def play(self, rounds: Sequence[Round]) -> Numbers:
        """Play the step on the game itself."""
        for mine, example in zip(rounds, self._examples, strict=True):
            mine.draw_like(example)
        for rate, group in zip(self._rates, _scheduled(self.game), strict=True):
            rate.fill_(group["lr"])
        costs, numbers = self._step(self._tensors, [_contents(one) for one in rounds], self._rates)
        if rounds[0].x.is_cuda:  # the graph will write its next results over these
            costs, numbers = ({k: v.clone() for k, v in told.items()} for told in (costs, numbers))
        for player, moves in zip(self.game.players.values(), self._moves, strict=True):
            player.moves += moves
            player.version += 1
        self.game.reported = numbers
        return costs


class _Stage(nn.Module):
    """A game whose every tensor, parameters, buffers and what the optimisers keep, can be replaced for one step."""

    def __init__(self, game: GAN, inner: Dynamics) -> None:
        super().__init__()
        self.networks = _networks(game)
        self.game = game
        self.inner = inner
        self.names = [name for name, _ in [*self.named_parameters(), *self.named_buffers()]]

    def play(self, tensors: Sequence[Tensor], rates: Sequence[Tensor], rounds: list[Round]) -> tuple[Numbers, Numbers]:
        """Play a step with these tensors, in the order of `_tensors`, and these learning rates."""
        new = {id(mine): theirs for mine, theirs in zip(_tensors(self.game), tensors, strict=True)}
        # loops over single tensors are what the compiler fuses best on a CPU, those over lists on a GPU
        form = {"fused": False, "foreach": rounds[0].x.is_cuda, "capturable": True}
        for player in self.game.players.values():
            optimizer, state = player.optimizer, player.optimizer.state
            kept = {new[id(p)]: {k: new.get(id(v), v) for k, v in state[p].items()} for p in state}
            optimizer.state = defaultdict(dict, kept)
            for group in optimizer.param_groups:
                group["params"] = [new[id(p)] for p in group["params"]]
                group.update({name: choice for name, choice in form.items() if name in group})
            player.parameters = [new[id(p)] for p in player.parameters]
        for group, rate in zip(_scheduled(self.game), rates, strict=True):
            group["lr"] = rate
        replaced = dict(zip(self.names, tensors, strict=False))  # networks come first among the tensors
        played: tuple[Numbers, Numbers] = functional_call(self, replaced, (rounds,))
        return played

    def forward(self, rounds: list[Round]) -> tuple[Numbers, Numbers]:
        costs = self.inner.step(self.game, iter(rounds))
        return costs, {name: number.detach() for name, number in self.game.report().items()}


def _networks(game: GAN) -> nn.ModuleList:
    return nn.ModuleList([game.generator, game.discriminator, *game.heads.values()])


def _tensors(game: GAN) -> list[Tensor]:
    """Return all that a step reads and changes: parameters, buffers, and what the optimisers keep."""
    networks = _networks(game)
    tensors = [*networks.parameters(), *networks.buffers()]
    for player in game.players.values():
        state = player.optimizer.state
        tensors += [v for p in player.parameters for v in state.get(p, {}).values() if isinstance(v, Tensor)]
    return tensors


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
