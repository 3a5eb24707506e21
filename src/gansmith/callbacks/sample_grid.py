"""Draws samples."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from gansmith.conditions import Condition
from gansmith.data.dataset import Dataset, randomness
from gansmith.recipes.composition import Recipe
from gansmith.records.run_folder import RunFolder
from gansmith.training import pictures
from gansmith.training.rounds import ask
from gansmith.training.showing import generate, shown, some, to_device
from gansmith.training.trainer import Trainer

COLUMNS, ROWS = 10, 3  # of a picture: classes or values of a code side by side, noises below each other


class SampleGrid:
    """Draws samples from the same noise at steps 100, 200, 500, 1000, … and at the end, and joins them into a film."""

    def __init__(
        self, folder: RunFolder, recipe: Recipe, dataset: Dataset, condition: Condition, device: torch.device
    ) -> None:
        self.folder = folder
        self.condition = condition
        is_image = len(dataset.shape) == 3
        seed, count = recipe.training.seed, 64 if is_image else 2000
        real = some(dataset, count, seed, needed=bool(condition.given) or not is_image)
        self.z = recipe.prior.draw(count, randomness(seed, "painter", 0, device))
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

    def __call__(self, trainer: Trainer) -> None:
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
