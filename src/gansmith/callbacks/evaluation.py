"""Measures samples."""

from __future__ import annotations

import math
from contextlib import closing
from functools import cached_property

import torch

from gansmith.data.dataset import Dataset
from gansmith.errors import GansmithError
from gansmith.generators.latents import Latents
from gansmith.metrics.catalogue import badness
from gansmith.metrics.demand import check_samples
from gansmith.metrics.evaluation import Evaluator
from gansmith.recipes.composition import Recipe
from gansmith.records.journal import Journal
from gansmith.records.run_folder import RunFolder
from gansmith.training.ema import check_average
from gansmith.training.moment import Moment

REFERENCE = 10_000  # real samples that a run in progress is measured against, at most


class EvaluationCallback:
    """Measures samples from always the same noise against real ones, and keeps the best checkpoint.

    The real samples are read, and features learnt where a classifier is asked for, at the first evaluation.
    """

    def __init__(
        self, folder: RunFolder, journal: Journal, recipe: Recipe, dataset: Dataset, device: torch.device
    ) -> None:
        self.folder = folder
        self.journal = journal
        self.recipe = recipe
        self.measure = recipe.evaluation
        self.dataset = dataset
        self.device = device
        auto = "fid" if len(dataset.shape) == 3 else "sliced_wasserstein"
        self.best_by = auto if self.measure.best_by == "auto" else self.measure.best_by
        self.best = math.inf
        self.waited = 0
        self._latents: Latents | None = None
        if self.measure.evaluate_every:
            raw = math.prod(dataset.shape) if self.measure.features == "raw" else 1  # others tell when they are there
            check_samples(self.measure.evaluate_samples, raw, recipe.prior.latent, "evaluate_samples")

    @cached_property
    def evaluator(self) -> Evaluator:
        """The real samples, seen through the features."""
        return Evaluator(self.dataset, self.measure.features, REFERENCE, self.device, self.measure.metrics)

    def due(self, step: int, last: bool) -> bool:
        every = self.measure.evaluate_every
        return bool(every) and (last or step % every == 0)

    def __call__(self, moment: Moment) -> None:
        trainer = moment.run
        if trainer.interrupted and moment.step % self.measure.evaluate_every:
            return  # to be resumed: what is measured must not depend on it
        trainer.settle()
        trainer.check_weights()
        trained = moment.generator
        if self._latents is None:
            check_average(trained, trainer.game.networks["generator"], f"at step {moment.step}")
            count, given = self.measure.evaluate_samples, trained.prior.latent + trained.condition.size
            check_samples(count, self.evaluator.dimensions, given, "evaluate_samples")
        self._latents = self._latents or trained.latents(self.measure.evaluate_samples, self.recipe.training.seed)
        labels = trained.labels_of(self._latents)
        with closing(trained.make(self._latents)) as samples:
            found = self.evaluator.evaluate(samples, labels).metrics
        self.journal.write(moment.step, found)
        if self.best_by not in found:
            if self.measure.best_by == "auto" and not self.measure.patience:
                return  # so few real samples that it cannot be measured
            raise GansmithError(f"best_by = {self.best_by}: not measured on these data; use {', '.join(found)}")
        bad = badness(self.best_by, found[self.best_by], self.evaluator.own)
        if bad < self.best:
            self.best, self.waited = bad, 0
            self.folder.checkpoints().save_best(trainer.state_dict())
            self.folder.save_generator(trainer.generator_file(), "best")
        elif self.measure.patience:
            self._wait(moment)

    def _wait(self, moment: Moment) -> None:
        """Count an evaluation that found nothing better, and stop the run at as many as it has patience for."""
        self.waited += 1
        if self.waited >= self.measure.patience:
            self.waited = 0  # one that is resumed may wait as long again
            moment.stop(f"{self.measure.patience} evaluations without a better {self.best_by}")

    def state_dict(self) -> dict[str, float]:
        """Return the best so far, and how many evaluations ago it was."""
        return {"best": self.best, "waited": self.waited}

    def load_state_dict(self, state: dict[str, float]) -> None:
        """Continue from a `state_dict`."""
        self.best, self.waited = state["best"], int(state.get("waited", 0))
