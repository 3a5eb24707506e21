"""Draws samples."""

from __future__ import annotations

import torch
from PIL import Image
from torch import Tensor

from gansmith.data.dataset import Dataset
from gansmith.generators.latents import Latents
from gansmith.generators.request import ConditionRequest
from gansmith.generators.trained import TrainedGenerator
from gansmith.recipes.composition import Recipe
from gansmith.records.journal import Journal
from gansmith.records.run_folder import RunFolder
from gansmith.training import pictures
from gansmith.training.moment import Moment

COLUMNS, ROWS = 10, 3  # of a picture: classes or values of a code side by side, noises below each other
IMAGES, POINTS = 64, 2000


class SampleGrid:
    """Draws samples from the same noise at steps 100, 200, 500, 1000, … and at the end, and joins them into a film.

    TensorBoard shows the same pictures.
    """

    def __init__(self, folder: RunFolder, journal: Journal, recipe: Recipe, dataset: Dataset) -> None:
        self.folder = folder
        self.journal = journal
        self.seed = recipe.training.seed
        self.real: Tensor | None = None
        if len(dataset.shape) != 3:
            self.real = next(dataset.batches(POINTS, self.seed, 0, torch.device("cpu"))).x

    def due(self, step: int, last: bool) -> bool:
        return last or pictures.is_mark(step)

    def __call__(self, moment: Moment) -> None:
        trained = moment.generator
        latents, columns = self._latents(trained)
        samples = torch.cat(list(trained.make(latents)))
        path = self.folder.samples / f"step-{moment.step:08d}.png"
        if self.real is None:
            picture = pictures.grid(samples, columns)
        else:
            picture = pictures.scatter(samples, self.real, f"step {moment.step:,}")
        pictures.save_picture(picture, path)
        self.journal.show(moment.step, "samples", picture)
        frames = sorted(p for p in self.folder.samples.glob("step-*.png") if p <= path)
        pictures.film(frames, self.folder.samples / "film.gif")
        if self.real is None and trained.condition.codes:
            picture = self._traversal(trained, latents)
            pictures.save_picture(picture, self.folder.samples / f"codes-{moment.step:08d}.png")
            self.journal.show(moment.step, "codes", picture)

    def _latents(self, trained: TrainedGenerator) -> tuple[Latents, int | None]:
        """Return what is drawn, and in how many columns: one for every class and a row for every noise, if few."""
        classes = trained.condition.labels
        if self.real is not None or not 1 < classes <= COLUMNS:
            return trained.latents(IMAGES if self.real is None else POINTS, self.seed), None
        names = ConditionRequest(labels=trained.vocabulary.labels)
        latents = trained.latents(IMAGES - IMAGES % classes, self.seed, request=names)
        z = latents.z[: len(latents.z) // classes].repeat_interleave(classes, dim=0)
        return latents._replace(z=z), classes

    def _traversal(self, trained: TrainedGenerator, latents: Latents) -> Image.Image:
        """Return what every code does: rows of one noise each, along which one code takes all its values."""
        assert latents.c is not None
        z, c = latents.z[:ROWS], latents.c[:ROWS]
        varied = trained.condition.traverse(c, COLUMNS)  # (codes, rows, columns, size)
        codes, rows, columns, _ = varied.shape
        z = z[None, :, None].expand(codes, rows, columns, -1)
        samples = torch.cat(list(trained.make(Latents(z.flatten(0, 2), varied.flatten(0, 2)))))
        return pictures.grid(samples, columns)
