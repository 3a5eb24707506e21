"""gansmith, as `gansmith train` plays between two pictures, evaluations or checkpoints, and what parts of it cost."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from torch import Tensor

from contest.plain import both_weights
from contest.works import Ground, Skipped
from gansmith.callbacks.logger import Logger
from gansmith.callbacks.progress import Progress
from gansmith.memory import keep_freed_memory
from gansmith.recipes.composition import change
from gansmith.records.journal import Journal
from gansmith.training.assemble import assemble
from gansmith.training.device import has_bf16, prepared
from gansmith.training.ema import EMA
from gansmith.training.moment import Callback


class Ours:
    """A trainer on the ground's networks and data, with a journal and a progress bar that nobody looks at."""

    def __init__(self, ground: Ground, note: str, changes: dict[str, Any]) -> None:
        keep_freed_memory()
        self.note = note
        plan = change(ground.recipe, changes)
        self.compute = plan.compute
        if self.compute.precision == "bf16" and not has_bf16(ground.device):
            raise Skipped("this device has no instructions for it")
        if self.compute.precision == "tf32" and ground.device.type != "cuda":
            raise Skipped("CUDA alone")
        self.same = self.compute.precision == "fp32"
        journal = Journal(ground.folder / f"{id(self)}.jsonl")
        callbacks: list[Callback] = [
            Logger(journal, plan.records.log_every),
            Progress(plan.training.steps, 0, journal, quiet=True),
        ]
        self.trainer = assemble(plan, ground.dataset, ground.pair(ours=True), callbacks)

    def play(self, steps: int) -> None:
        with prepared(self.compute):
            self.trainer.run(self.trainer.steps_done + steps)
            self.trainer.settle()  # the journal has done so at the last step

    def weights(self) -> list[Tensor]:
        networks = self.trainer.game.networks
        return both_weights([networks["generator"], networks["discriminator"]])

    def costs(self, slices: int, seconds: float) -> dict[str, list[float]]:
        """Return by how many percent a step takes longer with averaging, and with journal and progress.

        Both ways are played by this one process in turn, since two processes differ by more than that.
        """
        trainer, callbacks = self.trainer, self.trainer.callbacks
        average = EMA(trainer.game.networks["generator"], 0.999)
        usual, bare = (None, callbacks), (None, list[Callback]())
        ways = {"averaging": ((average, callbacks), usual), "journal and progress": (usual, bare)}
        percent: dict[str, list[float]] = {}
        for what, pair in ways.items():
            steps = max(2, round(seconds / self._timed(2, *pair[0])))
            percent[what] = []
            for i in range(slices):
                order = (0, 1) if i % 2 else (1, 0)  # who comes first changes
                times = dict(zip(order, [self._timed(steps, *pair[way]) for way in order], strict=True))
                percent[what].append(100 * (times[0] / times[1] - 1))
        return percent

    def _timed(self, steps: int, average: EMA | None, callbacks: Sequence[Callback]) -> float:
        """Return seconds per step of some steps played like this."""
        self.trainer.ema, self.trainer.callbacks = average, callbacks
        start = time.perf_counter()
        self.play(steps)
        return (time.perf_counter() - start) / steps


def gansmith(note: str = "", **changes: Any) -> Callable[[Ground], Ours]:
    """Return how to build gansmith's side with some settings of the recipe changed."""
    return lambda ground: Ours(ground, note, changes)
