"""The training loop. There is no mathematics in it: a dynamics moves, and callbacks look on."""

from __future__ import annotations

import math
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any, Protocol

import torch
from torch import Tensor

from gansmith.dynamics import Dynamics
from gansmith.errors import DivergedError
from gansmith.games.gan import GAN
from gansmith.generators.file import content
from gansmith.generators.trained import TrainedGenerator
from gansmith.generators.vocabulary import Vocabulary
from gansmith.recipes import former
from gansmith.recipes.composition import Recipe, to_dict
from gansmith.training.ema import EMA
from gansmith.training.randomness import random_state, set_random_state
from gansmith.training.rounds import Rounds

FORMAT = 2  # of the state
NO_WORDS = Vocabulary()
REMEDY = "try a smaller --lr-generator and --lr-discriminator, or a penalty such as --r1 1"


class Callback(Protocol):
    """Something that looks at a run now and then and never changes it."""

    def due(self, step: int, last: bool) -> bool:
        """Tell whether to look after this step; `last` says that the run ends here."""
        ...

    def __call__(self, trainer: Trainer) -> None:
        """Look."""
        ...


class Trainer:
    """Plays a GAN step by step.

    Numbers stay on the device until somebody needs them: a callback that calls `settle`, which is also where a cost
    that is NaN or infinite is found and named.

    Attributes:
        recipe: what is trained, as it suits the data.
        vocabulary: the words of the data.
        own_networks: whether the networks are the user's own.
        step: steps played so far.
        window: the costs of the steps since the journal was last written, as floats.
    """

    def __init__(
        self,
        recipe: Recipe,
        game: GAN,
        dynamics: Dynamics,
        rounds: Rounds,
        ema: EMA | None = None,
        callbacks: Sequence[Callback] = (),
        vocabulary: Vocabulary = NO_WORDS,
        own_networks: bool = False,
    ) -> None:
        self.vocabulary = vocabulary
        self.own_networks = own_networks
        self.recipe = recipe
        self.game = game
        self.dynamics = dynamics
        self.rounds = rounds
        self.ema = ema
        self.callbacks = callbacks
        self.step = 0
        self.stopping = False
        self.best = math.inf
        self.window: list[dict[str, float]] = []
        self._unread: list[dict[str, Tensor]] = []

    def run(self, steps: int) -> None:
        """Play until step `steps`, or until somebody asks to stop; callbacks always see the last step as such."""
        with _stop_on_signal(self):
            last = self.step >= steps
            while not last:
                self._unread.append(self.dynamics.step(self.game, self.rounds))
                self.step += 1
                for player in self.game.players.values():
                    if player.schedule is not None:
                        player.schedule.step()
                if self.ema is not None:
                    self.ema.update(self.step)
                last = self.step == steps or self.stopping
                for callback in self.callbacks:
                    if callback.due(self.step, last):
                        callback(self)

    def trained(self) -> TrainedGenerator:
        """Return the generator that people see: the averaged one if there is one."""
        r, data = self.recipe, self.rounds.dataset
        network = self.ema.module if self.ema else self.game.networks["generator"]
        made_by = {"name": r.name, "step": self.step, "recipe": to_dict(r)}
        return TrainedGenerator(network, tuple(data.shape), r.prior, r.conditioning, self.vocabulary, made_by)

    def generator_file(self) -> bytes:
        """Return that generator as the content of a file."""
        family = None if self.own_networks else self.recipe.family(tuple(self.rounds.dataset.shape))
        return content(self.trained(), family)

    def settle(self) -> None:
        """Read the costs of all steps since the last time, and stop if one of them is not finite."""
        if not self._unread:
            return
        names = list(self._unread[0])
        table = torch.stack([torch.stack([costs[name] for name in names]) for costs in self._unread]).tolist()
        first = self.step - len(table) + 1
        self._unread.clear()
        for offset, row in enumerate(table):
            for name, cost in zip(names, row, strict=True):
                if not math.isfinite(cost):
                    raise DivergedError(f"the {name}'s cost is {cost} at step {first + offset}: {REMEDY}")
            self.window.append(dict(zip(names, row, strict=True)))

    def check_weights(self) -> None:
        """Stop if a weight is not finite: a gradient can overflow where the cost does not show it yet."""
        for name, player in self.game.players.items():
            total = torch.stack([p.detach().abs().sum() for p in player.parameters]).sum()
            if not math.isfinite(float(total)):
                raise DivergedError(f"the {name}'s weights are no longer finite at step {self.step}: {REMEDY}")

    def state_dict(self) -> dict[str, Any]:
        """Return all that decides what comes next."""
        return {
            "format": FORMAT,
            "step": self.step,
            "best": self.best,
            "game": self.game.state_dict(),
            "rounds": self.rounds.state_dict(),
            "ema": self.ema.module.state_dict() if self.ema else None,
            "random": random_state(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from a `state_dict`, one of before too."""
        if state.get("format", former.FORMAT) == former.FORMAT:
            state = former.checkpoint(state)
        self.step = state["step"]
        self.best = state["best"]
        self.game.load_state_dict(state["game"])
        self.rounds.load_state_dict(state["rounds"])
        if self.ema is not None:
            self.ema.module.load_state_dict(state["ema"])
        set_random_state(state["random"])


@contextmanager
def _stop_on_signal(trainer: Trainer) -> Iterator[None]:
    """Let Ctrl-C (and a termination request) end the run after the step in play; a second Ctrl-C ends it at once."""

    def ask(number: int, frame: FrameType | None) -> None:
        if trainer.stopping:
            raise KeyboardInterrupt
        trainer.stopping = True

    try:
        before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    except ValueError:  # not the main thread: signals are somebody else's business
        before = {}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
