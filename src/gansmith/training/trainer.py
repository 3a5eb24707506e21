"""The training loop. There is no mathematics in it: a dynamics moves, and callbacks look on."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from typing import Any

import torch
from torch import Tensor

from gansmith.dynamics import Dynamics
from gansmith.errors import DivergedError, GansmithError
from gansmith.games.gan import GAN
from gansmith.generators.file import content
from gansmith.generators.trained import TrainedGenerator
from gansmith.generators.vocabulary import Vocabulary
from gansmith.recipes import former
from gansmith.recipes.composition import Recipe, to_dict
from gansmith.settings import name_of
from gansmith.training.ema import EMA
from gansmith.training.moment import Callback, Moment, is_due
from gansmith.training.randomness import Randomness
from gansmith.training.rounds import Rounds
from gansmith.training.stopping import stop_on_signal

FORMAT = 2  # of the state
UNREAD = 1000  # steps whose costs wait on the device at most
NO_WORDS = Vocabulary()
REMEDY = "try a smaller --lr, or a penalty such as --r1 1; from the last checkpoint on: gansmith resume RUN --lr …"


class Trainer:
    """Plays a GAN step by step.

    Numbers stay on the device until somebody needs them: a callback that calls `settle`, which is also where a cost
    that is NaN or infinite is found and named.

    Attributes:
        recipe: what is trained, as it suits the data.
        vocabulary: the words of the data.
        own_networks: whether the networks are the user's own.
        steps_done: steps played so far.
        stopping: whether somebody has asked to stop after the step in play.
        interrupted: whether it was by a signal.
        why: what a callback said that asked for it; None if none did.
        latest: every player's cost in the last step, still on the device.
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
        self.steps_done = 0
        self.stopping = self.interrupted = False
        self.why: str | None = None
        self.latest: dict[str, Tensor] = {}
        self.window: list[dict[str, float]] = []
        self._unread: list[dict[str, Tensor]] = []
        self._remembered: dict[str, Any] = {}
        self._asked: list[Any] = []  # callbacks that have looked at this step
        self.randomness = Randomness()

    def run(self, steps: int) -> None:
        """Play until step `steps`, or until somebody asks to stop; callbacks always see the last step as such."""
        self._prepare()
        with stop_on_signal(self), self.randomness.owned():
            while self.steps_done < steps and not self.stopping:
                moment = self._step(steps)
                self.randomness.give_way()
                self._close(moment)

    def stop(self, why: str = "") -> None:
        """Let the run end with the step in play; see `Moment.stop`."""
        self.stopping, self.why = True, why

    def step(self) -> Moment:
        """Play one step, in a loop of one's own, and return the moment after it; callbacks look on as ever.

        Raises:
            KeyboardInterrupt: if the run has been interrupted.
            GansmithError: if a callback has stopped it.
        """
        if self.stopping:
            stopped = GansmithError(f"the run was stopped at step {self.steps_done} ({self.why}): it plays no more")
            raise KeyboardInterrupt if self.interrupted else stopped
        (moment,) = self.steps(1)
        return moment

    def steps(self, count: int | None = None) -> Iterator[Moment]:
        """Yield the moment after each of `count` steps, by default all that are left of the run.

        Callbacks look on before the loop's body does. A request to stop ends the loop after the step in play.
        """
        total = self.recipe.training.steps
        end = total if count is None else self.steps_done + count
        return self._steps(end, total)

    def _steps(self, end: int, last_step: int) -> Iterator[Moment]:
        self._prepare()
        with stop_on_signal(self):
            while self.steps_done < end and not self.stopping:
                with self.randomness.owned():
                    moment = self._step(last_step)
                yield moment
                self._close(moment)

    def _prepare(self) -> None:
        """Put callbacks in order, and give them back what they remembered when the state was saved."""
        self.callbacks = sorted(self.callbacks, key=lambda one: getattr(one, "after_others", False))
        for callback in self.callbacks:
            if name_of(callback) in self._remembered and hasattr(callback, "load_state_dict"):
                callback.load_state_dict(self._remembered.pop(name_of(callback)))

    def _step(self, last_step: int) -> Moment:
        """Play one step and let callbacks look; they take `last_step` for the run's last."""
        self._play()
        self._asked.clear()
        return self._look(self.steps_done == last_step)

    def _close(self, moment: Moment) -> None:
        """Show a step as the last one if somebody has asked to stop since it was shown."""
        if self.stopping and not moment.last:
            with self.randomness.owned():
                self._look(last=True)

    def _play(self) -> None:
        """Play one step."""
        self.latest = self.dynamics.step(self.game, self.rounds)
        self._unread.append(self.latest)
        if len(self._unread) >= UNREAD:  # in a loop without a journal nobody else reads them
            self.settle()
            del self.window[:-UNREAD]
        self.steps_done += 1
        for player in self.game.players.values():
            if player.schedule is not None:
                player.schedule.step()
        if self.ema is not None:
            self.ema.update(self.steps_done)

    def _look(self, last: bool) -> Moment:
        """Let all callbacks look that are due, each once a step; if one asks to stop, it is the last for the others."""
        while True:
            moment = Moment(self.steps_done, last or self.stopping, self)
            for callback in self.callbacks:
                if not any(callback is one for one in self._asked):
                    self._show(moment, callback)
                if self.stopping and not moment.last:
                    break
            else:
                return moment

    def _show(self, moment: Moment, callback: Any) -> None:
        """Let a callback look if it is due; one of a user's own that fails is left out from then on."""
        ours = type(callback).__module__.startswith("gansmith.")
        asked = ours or not hasattr(callback, "due")  # without calling a user's code
        if asked and not is_due(callback, moment.step, moment.last):
            return
        try:
            with nullcontext() if ours else self.randomness.lent():
                if asked or is_due(callback, moment.step, moment.last):
                    self._asked.append(callback)
                    callback(moment)
        except Exception as error:
            if isinstance(error, GansmithError) or ours:
                raise
            failed = f"callback {name_of(callback)} failed at step {moment.step}"
            warnings.warn(f"{failed} ({type(error).__name__}: {error}): it is left out", stacklevel=2)
            self.callbacks = [one for one in self.callbacks if one is not callback]

    def trained(self) -> TrainedGenerator:
        """Return the generator that people see: the averaged one if there is one."""
        r, data = self.recipe, self.rounds.dataset
        network = self.ema.module if self.ema else self.game.networks["generator"]
        made_by = {"name": r.name, "step": self.steps_done, "recipe": to_dict(r)}
        shape, words, scale = tuple(data.shape), self.vocabulary, self.rounds.scale
        return TrainedGenerator(network, shape, r.prior, r.conditioning, words, made_by, scale)

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
        first = self.steps_done - len(table) + 1
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
                raise DivergedError(f"the {name}'s weights are no longer finite at step {self.steps_done}: {REMEDY}")

    def state_dict(self) -> dict[str, Any]:
        """Return all that decides what comes next."""
        return {
            "format": FORMAT,
            "step": self.steps_done,
            "stopped": self.why,
            "recipe": to_dict(self.recipe),
            "callbacks": {name_of(c): c.state_dict() for c in self.callbacks if hasattr(c, "state_dict")},
            "game": self.game.state_dict(),
            "rounds": self.rounds.state_dict(),
            "ema": self.ema.module.state_dict() if self.ema else None,
            "random": self.randomness.state_dict(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from a `state_dict`, one of before too."""
        if state.get("format", former.FORMAT) == former.FORMAT:
            state = former.checkpoint(state)
        self.steps_done = state["step"]
        self._remembered = dict(state["callbacks"])
        self.game.load_state_dict(state["game"])
        self.rounds.load_state_dict(state["rounds"])
        if self.ema is not None:
            self.ema.module.load_state_dict(state["ema"])
        self.randomness.load_state_dict(state["random"])
