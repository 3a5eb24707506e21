"""A look into training steps from outside: a trainer's objects are wrapped for as long as somebody measures."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, cast

from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from gansmith.games.round import Round
from gansmith.terms import Adversarial
from gansmith.training.rounds import Rounds
from gansmith.training.trainer import Trainer

Cost = Callable[[Round], Tensor | None]


class Stopwatch:
    """Seconds by name. What is measured inside something else is taken off it, so nothing is counted twice.

    Args:
        settle: waits until the device has done what it was asked for.
    """

    def __init__(self, settle: Callable[[], None] = lambda: None) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._settle = settle
        self._open: list[str] = []
        self._since = 0.0
        self._within = 0

    def start(self, name: str) -> None:
        """Let time from now on count for this name."""
        if not self._within:
            self._charge()
            self._open.append(name)

    def stop(self) -> None:
        """Let time from now on count for whatever was measured before."""
        if not self._within:
            self._charge()
            self._open.pop()

    @contextmanager
    def measure(self, name: str, whole: bool = False) -> Iterator[None]:
        """Measure what is inside; as a whole, whatever else is measured in there counts for this name too."""
        self.start(name)
        self._within += whole
        try:
            yield
        finally:
            self._within -= whole
            self.stop()

    def _charge(self) -> None:
        self._settle()
        now = time.perf_counter()
        if self._open:
            self.seconds[self._open[-1]] += now - self._since
        self._since = now


class Operations(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts the floating-point operations of convolutions and products while inside, backward passes included.

    torch's own `FlopCounterMode` also asks which module they are for, which a gradient penalty's graph cannot answer.

    >>> import torch
    >>> with Operations() as counted:
    ...     product = torch.ones(2, 3) @ torch.ones(3, 5)
    >>> counted.total
    60
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.total = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        formula = flop_registry.get(func._overloadpacket)
        if formula is not None:
            self.total += formula(*args, **(kwargs or {}), out_val=result)
        return result


@contextmanager
def looked_into(trainer: Trainer, watch: Stopwatch) -> Iterator[None]:
    """While inside, measure the parts of every step that the trainer plays."""
    game, rounds, costs = trainer.game, trainer.rounds, trainer.game.costs
    with ExitStack() as undo:

        def network(module: nn.Module, name: str) -> None:
            before = module.register_forward_pre_hook(lambda *_: watch.start(name))
            after = module.register_forward_hook(lambda *_: watch.stop())
            undo.callback(before.remove)
            undo.callback(after.remove)

        def method(owner: object, attribute: str, name: str) -> None:
            setattr(owner, attribute, _measured(getattr(owner, attribute), watch, name))
            undo.callback(delattr, owner, attribute)  # the class's own is there again

        for name, module in game.networks.items():
            network(module, f"{name} forward")
        for name, player in game.players.items():
            method(player, "gradients", f"{name} backward")
            method(player, "move", "optimiser")
        if trainer.ema is not None:
            method(trainer.ema, "update", "averaging")
        game.costs = {
            player: {name: _measured_cost(game.terms[name], name, cost, watch) for name, cost in shares.items()}
            for player, shares in costs.items()
        }
        trainer.rounds = cast(Rounds, _MeasuredRounds(rounds, watch))
        try:
            yield
        finally:
            game.costs = costs
            trainer.rounds = rounds


def _measured_cost(term: object, name: str, cost: Cost, watch: Stopwatch) -> Cost:
    """A penalty counts with the forward passes it makes, the loss without those it shares with others."""
    is_loss = isinstance(term, Adversarial)
    return _measured(cost, watch, "loss" if is_loss else name.replace("_", " "), whole=not is_loss)


def _measured(function: Callable[..., Any], watch: Stopwatch, name: str, whole: bool = False) -> Callable[..., Any]:
    def measured(*arguments: Any, **options: Any) -> Any:
        with watch.measure(name, whole):
            return function(*arguments, **options)

    return measured


class _MeasuredRounds:
    def __init__(self, rounds: Rounds, watch: Stopwatch) -> None:
        self.rounds = rounds
        self.watch = watch

    def __iter__(self) -> Iterator[Round]:
        return self

    def __next__(self) -> Round:
        with self.watch.measure("data"):
            return next(self.rounds)
