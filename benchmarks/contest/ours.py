"""gansmith, as `gansmith train` plays between two pictures, evaluations or checkpoints, and what parts of it cost."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from torch import Tensor

from contest.plain import both_weights
from contest.works import Ground, Skipped
from gansmith.config import change
from gansmith.memory import keep_freed_memory
from gansmith.runs.assemble import build_dynamics, build_game
from gansmith.training.device import has_bf16
from gansmith.training.ema import EMA
from gansmith.training.journal import Journal
from gansmith.training.progress import Progress
from gansmith.training.rounds import Rounds
from gansmith.training.trainer import Trainer, Watcher
from gansmith.training.watchers import Logger


class Ours:
    """A trainer on the ground's networks and data, with a journal and a progress bar that nobody looks at."""

    def __init__(self, ground: Ground, note: str, changes: dict[str, Any]) -> None:
        keep_freed_memory()
        self.note = note
        plan = change(ground.recipe, changes)
        budget = plan.budget
        if budget.precision == "bf16" and not has_bf16(ground.device):
            raise Skipped("this device has no instructions for it")
        self.same = budget.precision == "fp32"
        game = build_game(plan, ground.pair(ours=True), ground.device)
        rounds = Rounds(game, ground.dataset, plan.networks, budget.batch, budget.seed, ground.device)
        journal = Journal(ground.folder / f"{id(self)}.jsonl")
        watchers: list[Watcher] = [
            Logger(journal, budget.log_every),
            Progress(budget.steps, 0, journal, quiet=True),
        ]
        self.trainer = Trainer(game, build_dynamics(plan), rounds, None, watchers)

    def play(self, steps: int) -> None:
        self.trainer.run(self.trainer.step + steps)
        self.trainer.settle()  # the journal has done so at the last step

    def weights(self) -> list[Tensor]:
        game = self.trainer.game
        return both_weights([game.generator, game.discriminator])

    def costs(self, slices: int, seconds: float) -> dict[str, list[float]]:
        """Return by how many percent a step takes longer with averaging, and with journal and progress.

        Both ways are played by this one process in turn, since two processes differ by more than that.
        """
        trainer, watchers = self.trainer, self.trainer.watchers
        average = EMA(trainer.game.generator, 0.999)
        usual, bare = (None, watchers), (None, list[Watcher]())
        ways = {"averaging": ((average, watchers), usual), "journal and progress": (usual, bare)}
        percent: dict[str, list[float]] = {}
        for what, pair in ways.items():
            steps = max(2, round(seconds / self._timed(2, *pair[0])))
            percent[what] = []
            for i in range(slices):
                order = (0, 1) if i % 2 else (1, 0)  # who comes first changes
                times = dict(zip(order, [self._timed(steps, *pair[way]) for way in order], strict=True))
                percent[what].append(100 * (times[0] / times[1] - 1))
        return percent

    def _timed(self, steps: int, average: EMA | None, watchers: Sequence[Watcher]) -> float:
        """Return seconds per step of some steps played like this."""
        self.trainer.ema, self.trainer.watchers = average, watchers
        start = time.perf_counter()
        self.play(steps)
        return (time.perf_counter() - start) / steps


def gansmith(note: str = "", **changes: Any) -> Callable[[Ground], Ours]:
    """Return how to build gansmith's side with some fields of the recipe changed."""
    return lambda ground: Ours(ground, note, changes)
