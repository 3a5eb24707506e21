"""Those who watch a run: they write numbers, paint samples, measure them, keep checkpoints and draw curves."""

from __future__ import annotations

import statistics
import time
from functools import cached_property
from pathlib import Path

import torch
from torch import Tensor, nn

from gansmith.conditions import Condition
from gansmith.config import Recipe
from gansmith.data.dataset import Batch, Dataset, randomness
from gansmith.errors import GansmithError
from gansmith.metrics.catalogue import badness
from gansmith.metrics.evaluation import Evaluator
from gansmith.training import pictures
from gansmith.training.curves import curves
from gansmith.training.journal import Journal, read_journal
from gansmith.training.rounds import ask, draw_noise
from gansmith.training.run_folder import RunFolder
from gansmith.training.trainer import Trainer

REFERENCE = 10_000  # real samples that a run in progress is measured against, at most
COLUMNS, ROWS = 10, 3  # of a picture: classes or values of a code side by side, noises below each other


@torch.no_grad()
def generate(generator: nn.Module, z: Tensor, c: Tensor | None = None, chunk: int = 256) -> Tensor:
    """Return G(z), or G(z, c), in evaluation mode, a chunk at a time, and leave the mode as it was."""
    asked = [part.tensor_split(max(1, len(z) // chunk)) for part in (z, c) if part is not None]
    was_training = generator.training
    generator.eval()
    try:
        return torch.cat([generator(*parts) for parts in zip(*asked, strict=True)])
    finally:
        generator.train(was_training)


def shown(trainer: Trainer) -> nn.Module:
    """Return the generator that people see: the averaged one if there is one."""
    return trainer.ema.module if trainer.ema else trainer.game.generator


def some(dataset: Dataset, count: int, seed: int, needed: bool) -> Batch:
    """Return real samples, always the same ones; where none are needed, nothing is read."""
    return next(dataset.batches(count, seed, 0, torch.device("cpu"))) if needed else Batch(torch.empty(count))


def to_device(c: Tensor | None, device: torch.device) -> Tensor | None:
    """Return conditions on a device, if there are any."""
    return None if c is None else c.to(device)


class Logger:
    """Writes the mean costs of the last steps, the terms behind them, and the speed."""

    def __init__(self, journal: Journal, every: int) -> None:
        self.journal = journal
        self.every = every
        self._since: tuple[float, int] | None = None

    def due(self, step: int, last: bool) -> bool:
        return last or step % self.every == 0

    def watch(self, trainer: Trainer) -> None:
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
            numbers["steps_per_second"] = (trainer.step - self._since[1]) / (now - self._since[0])
        self._since = (now, trainer.step)
        self.journal.write(trainer.step, numbers)


class Painter:
    """Draws samples from the same noise at steps 100, 200, 500, 1000, … and at the end, and joins them into a film."""

    def __init__(
        self, folder: RunFolder, recipe: Recipe, dataset: Dataset, condition: Condition, device: torch.device
    ) -> None:
        self.folder = folder
        self.condition = condition
        is_image = len(dataset.shape) == 3
        seed, count = recipe.budget.seed, 64 if is_image else 2000
        real = some(dataset, count, seed, needed=bool(condition.given) or not is_image)
        self.z = draw_noise(recipe.networks, count, randomness(seed, "painter", 0, device))
        self.columns = None
        if is_image and 1 < condition.labels <= COLUMNS:  # a column for every class, a row for every noise
            self.columns = condition.labels
            labels = torch.arange(count - count % self.columns) % self.columns
            self.z = self.z[: len(labels) // self.columns].repeat_interleave(self.columns, dim=0)
            real = real._replace(x=real.x[: len(labels)], labels=labels)
        self.c = to_device(ask(condition, real, randomness(seed, "painter codes", 0)), device)
        self.real = None if is_image else real.x

    def due(self, step: int, last: bool) -> bool:
        return last or pictures.is_mark(step)

    def watch(self, trainer: Trainer) -> None:
        samples = generate(shown(trainer), self.z, self.c)
        path = self.folder.samples / f"step-{trainer.step:08d}.png"
        caption = f"step {trainer.step:,}"
        if self.real is None:
            pictures.save_picture(pictures.grid(samples, self.columns), path)
        else:
            pictures.save_picture(pictures.scatter(samples, self.real, caption), path)
        frames = sorted(p for p in self.folder.samples.glob("step-*.png") if p <= path)
        pictures.film(frames, self.folder.samples / "film.gif")
        if self.real is None and self.condition.codes:
            self._traverse(shown(trainer), self.folder.samples / f"codes-{trainer.step:08d}.png")

    def _traverse(self, generator: nn.Module, path: Path) -> None:
        """Draw what every code does: rows of one noise each, along which one code takes all its values."""
        assert self.c is not None
        z, c = self.z[:ROWS], self.c[:ROWS]
        varied = self.condition.traverse(c, COLUMNS)  # (codes, rows, columns, size)
        codes, rows, columns, _ = varied.shape
        z = z[None, :, None].expand(codes, rows, columns, -1)
        pictures.save_picture(pictures.grid(generate(generator, z.flatten(0, 2), varied.flatten(0, 2)), columns), path)


class Keeper:
    """Saves checkpoints, and exports the generator."""

    def __init__(self, folder: RunFolder, every: int, keep: int) -> None:
        self.folder = folder
        self.every = every
        self.checkpoints = folder.checkpoints(keep)

    def due(self, step: int, last: bool) -> bool:
        return last or step % self.every == 0

    def watch(self, trainer: Trainer) -> None:
        trainer.settle()
        trainer.check_weights()
        self.checkpoints.save(trainer.state_dict())
        self.folder.save_generator(shown(trainer), trainer.step)


class Examiner:
    """Measures samples from always the same noise against real ones, and keeps the best checkpoint.

    The real samples are read, and features learnt where a classifier is asked for, at the first evaluation.
    """

    def __init__(
        self,
        folder: RunFolder,
        journal: Journal,
        recipe: Recipe,
        dataset: Dataset,
        condition: Condition,
        device: torch.device,
    ) -> None:
        self.folder = folder
        self.journal = journal
        self.measure = recipe.measure
        self.dataset = dataset
        self.device = device
        auto = "fid" if len(dataset.shape) == 3 else "sliced_wasserstein"
        self.best_by = auto if recipe.measure.best_by == "auto" else recipe.measure.best_by
        seed, count = recipe.budget.seed, recipe.measure.evaluate_samples
        self.z = draw_noise(recipe.networks, count, randomness(seed, "examiner", 0, device))
        real = some(dataset, count, seed, needed=bool(condition.given))
        self.c = to_device(ask(condition, real, randomness(seed, "examiner codes", 0)), device)
        self.labels = real.labels if condition.labels else None

    @cached_property
    def evaluator(self) -> Evaluator:
        """The real samples, seen through the features."""
        return Evaluator(self.dataset, self.measure.features, REFERENCE, self.device)

    def due(self, step: int, last: bool) -> bool:
        every = self.measure.evaluate_every
        return bool(every) and (last or step % every == 0)

    def watch(self, trainer: Trainer) -> None:
        if trainer.stopping and trainer.step % self.measure.evaluate_every:
            return  # interrupted, to be resumed: what is measured must not depend on it
        trainer.settle()
        trainer.check_weights()
        found = self.evaluator.evaluate(generate(shown(trainer), self.z, self.c), self.labels).metrics
        self.journal.write(trainer.step, found)
        if self.best_by not in found:
            if self.measure.best_by == "auto":
                return  # so few real samples that it cannot be measured
            raise GansmithError(f"best_by = {self.best_by}: not measured on these data; use {', '.join(found)}")
        bad = badness(self.best_by, found[self.best_by])
        if bad < trainer.best:
            trainer.best = bad
            self.folder.checkpoints().save_best(trainer.state_dict())
            self.folder.save_generator(shown(trainer), trainer.step, "best")


class Plotter:
    """Draws the course of costs and metrics from the journal."""

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder

    def due(self, step: int, last: bool) -> bool:
        return last or pictures.is_mark(step, first=1000)

    def watch(self, trainer: Trainer) -> None:
        pictures.save_picture(curves({"": read_journal(self.folder.journal)}), self.folder.curve)
