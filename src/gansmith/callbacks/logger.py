"""Writes numbers."""

from __future__ import annotations

import statistics
import time

from gansmith.records.journal import Journal
from gansmith.training.moment import Moment


class Logger:
    """Writes the mean costs of the last steps, the terms behind them, and the speed."""

    def __init__(self, journal: Journal, every: int) -> None:
        self.journal = journal
        self.every = every
        self._since: tuple[float, int] | None = None

    def due(self, step: int, last: bool) -> bool:
        return last or step % self.every == 0

    def __call__(self, moment: Moment) -> None:
        trainer = moment.run
        trainer.settle()
        if not trainer.window:
            return
        numbers = {
            f"{name}/cost": statistics.fmean(costs[name] for costs in trainer.window) for name in trainer.window[0]
        }
        trainer.window.clear()
        numbers |= {name: float(value) for name, value in trainer.game.report().items()}
        now = time.perf_counter()
        if self._since is not None:
            numbers["steps_per_second"] = (trainer.steps_done - self._since[1]) / (now - self._since[0])
        self._since = (now, trainer.steps_done)
        self.journal.write(trainer.steps_done, numbers)
