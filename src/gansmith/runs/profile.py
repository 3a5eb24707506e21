"""Where a training step's time goes."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gansmith.callbacks.logger import Logger
from gansmith.errors import GansmithError
from gansmith.recipes.composition import Recipe
from gansmith.records.journal import Journal
from gansmith.records.run_folder import RunFolder
from gansmith.runs.session import Session
from gansmith.training import device
from gansmith.training.moment import Moment
from gansmith.training.stopwatch import Operations, Stopwatch, looked_into
from gansmith.training.trainer import Trainer

REST = "rest of the step"
NAMES = {
    "WarningSigns": "warning signs",
    "Logger": "logging",
    "SampleGrid": "pictures",
    "EvaluationCallback": "evaluation",
    "Checkpointer": "checkpoints",
    "CurvePlot": "curves",
}
WARM_UP = 5  # steps


@dataclass(frozen=True)
class Profile:
    """What takes how long.

    Attributes:
        parts: milliseconds per step by name: of the step itself, then of those who watch the run now and then, their
            cost spread over all steps of the run. The rest of the step is whatever no other name stands for.
        step: milliseconds of a step, nobody watching; what `parts` says of the step adds up to it.
        undisturbed: the same without looking into it.
        flops: floating-point operations of a step: those of convolutions and products.
        peak: operations per second that this machine did at best.
        about: what was trained, in words.
    """

    parts: dict[str, float]
    step: float
    undisturbed: float
    flops: int
    peak: float
    about: str

    @property
    def total(self) -> float:
        """Milliseconds of a step with its share of all that happens now and then."""
        return sum(self.parts.values())


def profile(recipe: Recipe, steps: int = 30) -> Profile:
    """Train a little, in a folder that is thrown away, and tell where the time went.

    Args:
        recipe: what to train; its own number of steps tells how often pictures, evaluations, … come.
        steps: training steps that are measured.
    """
    if steps < 1:
        raise GansmithError(f"steps = {steps} must be at least 1")
    if recipe.compute.compile:
        raise GansmithError("compile = True plays a step in one piece that nobody can look into: profile it without")
    with tempfile.TemporaryDirectory() as place:
        folder = RunFolder(Path(place) / "run")
        session = Session(recipe, folder)
        folder.create(session.facts)
        with closing(Journal(folder.journal)) as journal:
            return _profile(session, journal, steps)


def _profile(session: Session, journal: Journal, steps: int) -> Profile:
    trainer, recipe = session.trainer, session.recipe
    settle = partial(device.settle, session.device)
    callbacks = session.callbacks(journal, Logger(journal, recipe.records.log_every))
    trainer.run(WARM_UP)
    for callback in callbacks:  # at the first time they read real samples, learn features, open files
        callback(Moment(trainer.steps_done, False, trainer))
    with Operations() as counted:
        trainer.run(trainer.steps_done + 1)
    undisturbed = _time(trainer, steps, settle)
    watch = Stopwatch(settle)
    with looked_into(trainer, watch):
        step = _time(trainer, steps, settle)
    parts = {name: 1000 * seconds / steps for name, seconds in watch.seconds.items()}
    parts[REST] = step - sum(parts.values())
    for callback in callbacks:
        times = sum(callback.due(i, i == recipe.training.steps) for i in range(1, recipe.training.steps + 1))
        if times:
            start = time.perf_counter()
            callback(Moment(trainer.steps_done, False, trainer))
            spent = 1000 * (time.perf_counter() - start)
            parts[NAMES[type(callback).__name__]] = spent * times / recipe.training.steps
    about = f"{recipe.name} on {session.dataset.description}, batch {recipe.training.batch}, {session.device}"
    return Profile(parts, step, undisturbed, counted.total, device.peak(session.device), about)


def _time(trainer: Trainer, steps: int, settle: Callable[[], None]) -> float:
    """Return the milliseconds of a step."""
    trainer.settle()
    trainer.window.clear()
    settle()
    start = time.perf_counter()
    trainer.run(trainer.steps_done + steps)
    settle()
    return 1000 * (time.perf_counter() - start) / steps
