"""A game that is played while somebody looks: play, pause, step, wind back, and go on from there."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from torch import Tensor

from gansmith.errors import DivergedError, GansmithError
from gansmith.playground.layers import Probes, arrays, generated
from gansmith.playground.parts import Alone, InParts
from gansmith.playground.quantities import of_data, quantities, shares
from gansmith.playground.setting import Setting
from gansmith.playground.units import Unit, drawings, field
from gansmith.theory.divergences import total_variation
from gansmith.training.assemble import assemble

KEPT = 200  # states at most
MEMORY = 2**27  # bytes of them, at most
FIRST_GAP = 10  # steps between two states, until there are too many
ROWS = 4000  # of costs and of quantities
WHO = ("both", "discriminator", "generator")


class Session:
    """One game on a toy.

    States are kept every few steps, at most 200 of them and 128 MB: when there are more, every other one is let go and
    the gap doubles. Going back to one and playing on gives the same numbers again, bit for bit, as long as nobody
    changes who is trained.

    Attributes:
        setting: what is played.
        trouble: one line that says why it cannot go on; None as long as it can.
        costs: (step, D's cost, G's cost) of the steps that lead to where it is; NaN for who did not play.
        told: (step, quantities) on the way.
        who: is trained: both, or one alone.
    """

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.trainer = assemble(setting.recipe(), setting.dataset())
        self.data = setting.dataset()
        if len(self.data.shape) != 1 or self.data.shape[0] > 2:
            raise GansmithError(f"{self.data.description}: the playground shows the line and the plane")
        self.probes = Probes.of(self.trainer)
        self._density = of_data(self.data, self.probes.window)
        self._dynamics = self.trainer.dynamics
        self.trouble: str | None = None
        self.who = "both"
        self.costs: list[tuple[int, float, float]] = []
        self.told: list[tuple[int, dict[str, float]]] = []
        self._shares: tuple[int, Tensor] | None = None
        self._gap = FIRST_GAP
        self._kept: dict[int, dict[str, Any]] = {}
        self._most = min(KEPT, max(4, MEMORY // _bytes(self.trainer.state_dict())))
        self._keep()

    @property
    def steps_done(self) -> int:
        """Steps that lead to where it is."""
        return self.trainer.steps_done

    @property
    def kept(self) -> list[int]:
        """The steps that one can go back to; or forward, as long as nothing was played since."""
        return sorted(self._kept)

    def play(self, steps: int = 1) -> None:
        """Play some steps, or none if there is trouble; whatever was known of later ones is forgotten."""
        self._forget_later()
        try:
            for moment in self.trainer.steps(steps):
                costs = moment.costs
                now = [costs.get(name, float("nan")) for name in ("discriminator", "generator")]
                self.costs.append((moment.step, *now))  # type: ignore[arg-type]
                if not np.isfinite(list(costs.values())).all():
                    self.trainer.settle()  # which names it
                if moment.step % self._gap == 0:
                    self._keep()
            self.trainer.settle()
            self.trainer.window.clear()
            self._thin()
        except DivergedError as error:
            self.trouble = str(error)

    def in_parts(self, see: Callable[[list[str]], None]) -> None:
        """Play one step and call `see` after each part of it with the names of the players who have just moved."""
        self.trainer.dynamics = InParts(self._chosen(), see)
        try:
            self.play(1)
        finally:
            self.trainer.dynamics = self._chosen()

    def train(self, who: str) -> None:
        """From now on train both players, or one of them alone while the other is frozen.

        Raises:
            GansmithError: if nobody is called so.
        """
        if who not in WHO:
            raise GansmithError(f"train = {str(who)[:40]} must be one of {', '.join(WHO)}")
        if who != self.who:
            self._forget_later()
        self.who = who
        self.trainer.dynamics = self._chosen()

    def go(self, step: int) -> None:
        """Go to a kept step, back or forward.

        Raises:
            GansmithError: if it is not kept.
        """
        if step not in self._kept:
            raise GansmithError(f"step {step} is not kept: the nearest is {self.nearest(step)}")
        self.trainer.load_state_dict(copy.deepcopy(self._kept[step]))  # optimisers take tensors as they are
        self.trainer.settle()
        self.trouble = None

    def nearest(self, step: int) -> int:
        """Return the kept step nearest to another."""
        return min(self._kept, key=lambda kept: abs(kept - step))

    def reset(self) -> None:
        """Go back to the start: the same seed, the same numbers again."""
        self.go(0)
        self._forget_later()

    def look(self, wanted: Mapping[str, bool], unit: Unit | None = None) -> dict[str, np.ndarray[Any, Any]]:
        """Return layers of the picture, see `gansmith.playground.layers.arrays`; on the line with the data's density.

        With a hidden unit also its activation, see `gansmith.playground.units.field`.
        """
        line = self.probes.window.dimensions == 1
        found = arrays(self.trainer, self.probes, wanted)
        if unit is not None:
            found["unit"] = field(self.trainer, self.probes, unit).contiguous().numpy()
        return {**found, "p": self._density.numpy()} if line else found

    def drawings(self, player: str) -> np.ndarray[Any, Any]:
        """Return small drawings of all hidden units of a player, see `gansmith.playground.units.drawings`."""
        return drawings(self.trainer, self.probes, player).contiguous().numpy()

    def measure(self) -> dict[str, float]:
        """Return quantities as they are now, and remember them."""
        found = quantities(self.trainer, self.data, self.probes, self._density)
        if self.data.modes is not None:
            now = shares(generated(self.trainer, self.probes.z), self.data.modes)
            if self._shares is not None and self._shares[0] < self.steps_done:
                found["moved"] = min(total_variation(now, self._shares[1]), 1.0)
            self._shares = (self.steps_done, now)
        if not self.told or self.told[-1][0] < self.steps_done:
            self.told.append((self.steps_done, found))
        return found

    def _chosen(self) -> Any:
        return self._dynamics if self.who == "both" else Alone(self.who)

    def _keep(self) -> None:
        self._kept[self.steps_done] = copy.deepcopy(self.trainer.state_dict())
        if len(self._kept) > self._most:
            self._gap *= 2
            self._kept = {step: state for step, state in self._kept.items() if step % self._gap == 0}

    def _thin(self) -> None:
        """Keep what is remembered of a long run small: every other row of what has become too much."""
        if len(self.costs) > ROWS:
            self.costs = self.costs[::2]
        if len(self.told) > ROWS:
            self.told = self.told[::2]

    def _forget_later(self) -> None:
        now = self.steps_done
        if max(self._kept) > now or (self.costs and self.costs[-1][0] > now):
            self._kept = {step: state for step, state in self._kept.items() if step <= now}
            self.costs = [row for row in self.costs if row[0] <= now]
            self.told = [row for row in self.told if row[0] <= now]


def _bytes(state: Any) -> int:
    """Return the bytes of a state, at least 1: its tensors, and two moments of an optimiser for each number."""
    if isinstance(state, Tensor):
        return 3 * state.nbytes
    parts = state.values() if isinstance(state, Mapping) else state if isinstance(state, list | tuple) else ()
    return max(1, sum(map(_bytes, parts)))
