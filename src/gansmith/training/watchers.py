"""Those who watch a run: one writes numbers, one paints samples, one keeps checkpoints."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn

from gansmith.config import Networks
from gansmith.data.dataset import Dataset, randomness
from gansmith.data.toys import Toy
from gansmith.metrics.modes import mode_coverage
from gansmith.metrics.sliced import sliced_wasserstein
from gansmith.training import pictures
from gansmith.training.journal import Journal
from gansmith.training.rounds import draw_noise
from gansmith.training.run_folder import RunFolder
from gansmith.training.trainer import Trainer


@torch.no_grad()
def generate(generator: nn.Module, z: Tensor, chunk: int = 256) -> Tensor:
    """Return G(z) in evaluation mode, a chunk at a time, and leave the mode as it was."""
    was_training = generator.training
    generator.eval()
    try:
        return torch.cat([generator(part) for part in z.tensor_split(max(1, len(z) // chunk))])
    finally:
        generator.train(was_training)


def shown(trainer: Trainer) -> nn.Module:
    """Return the generator that people see: the averaged one if there is one."""
    return trainer.ema.module if trainer.ema else trainer.game.generator


class Logger:
    """Writes the mean costs of the last steps, the terms behind them, and the speed."""

    def __init__(self, journal: Journal, every: int) -> None:
        self.journal = journal
        self.every = every
        self.latest: dict[str, float] = {}
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
        self.latest = numbers
        self.journal.write(trainer.step, numbers)


class Painter:
    """Draws samples from the same noise at steps 100, 200, 500, 1000, … and at the end, and joins them into a film."""

    def __init__(
        self, folder: RunFolder, networks: Networks, dataset: Dataset, seed: int, device: torch.device
    ) -> None:
        self.folder = folder
        is_image = len(dataset.shape) == 3
        self.z = draw_noise(networks, 64 if is_image else 2000, randomness(seed, "painter", 0, device))
        self.real = None if is_image else next(dataset.batches(2000, seed, 0, torch.device("cpu"))).x

    def due(self, step: int, last: bool) -> bool:
        return last or pictures.is_mark(step)

    def watch(self, trainer: Trainer) -> None:
        samples = generate(shown(trainer), self.z)
        path = self.folder.samples / f"step-{trainer.step:08d}.png"
        caption = f"step {trainer.step:,}"
        picture = pictures.grid(samples) if self.real is None else pictures.scatter(samples, self.real, caption)
        pictures.save_picture(picture, path)
        frames = sorted(p for p in self.folder.samples.glob("step-*.png") if p <= path)
        pictures.film(frames, self.folder.samples / "film.gif")


class Keeper:
    """Saves checkpoints, keeps the best one by sliced Wasserstein distance, and exports the generator."""

    def __init__(
        self,
        folder: RunFolder,
        journal: Journal,
        measure: Callable[[Trainer], dict[str, float]],
        every: int,
        keep: int,
    ) -> None:
        self.folder = folder
        self.journal = journal
        self.measure = measure
        self.every = every
        self.checkpoints = folder.checkpoints(keep)

    def due(self, step: int, last: bool) -> bool:
        return last or step % self.every == 0

    def watch(self, trainer: Trainer) -> None:
        trainer.settle()
        trainer.check_weights()
        numbers = self.measure(trainer)
        self.journal.write(trainer.step, numbers)
        better = numbers["sliced_wasserstein"] < trainer.best
        trainer.best = min(trainer.best, numbers["sliced_wasserstein"])
        path = self.checkpoints.save(trainer.state_dict())
        if better:
            self.checkpoints.keep_as_best(path)
        self.folder.save_generator(shown(trainer))


class Examiner:
    """Compares samples with as many real ones: always the same noise and the same reals."""

    def __init__(self, networks: Networks, dataset: Dataset, seed: int, device: torch.device) -> None:
        self.toy = dataset if isinstance(dataset, Toy) and dataset.modes is not None else None
        count = 2500 if len(dataset.shape) == 1 else 1000
        self.z = draw_noise(networks, count, randomness(seed, "examiner", 0, device))
        self.real = next(dataset.batches(count, seed + 1, 0, torch.device("cpu"))).x

    def __call__(self, trainer: Trainer) -> dict[str, float]:
        fake = generate(shown(trainer), self.z).cpu()
        numbers = {"sliced_wasserstein": sliced_wasserstein(fake, self.real)}
        if self.toy is not None and self.toy.modes is not None:
            coverage = mode_coverage(fake, self.toy.modes, self.toy.spread)
            numbers |= {"modes": coverage.modes, "high_quality": coverage.high_quality}
        return numbers
