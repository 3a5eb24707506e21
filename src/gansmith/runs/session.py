"""Starting a run, playing it to its end, and taking its generator home."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import warnings
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from torch import nn

from gansmith.callbacks.checkpointer import Checkpointer
from gansmith.callbacks.curve_plot import CurvePlot
from gansmith.callbacks.evaluation import EvaluationCallback
from gansmith.callbacks.logger import Logger
from gansmith.callbacks.progress import Progress
from gansmith.callbacks.sample_grid import SampleGrid
from gansmith.callbacks.warning_signs import WarningSigns
from gansmith.data.fingerprint import check_apart, fingerprint, located
from gansmith.data.opening import GIVEN
from gansmith.errors import GansmithError
from gansmith.games.term import needs_of
from gansmith.generators.trained import TrainedGenerator
from gansmith.generators.vocabulary import SHOWN
from gansmith.latent.file import beside
from gansmith.networks.copying import copy_of
from gansmith.recipes import recipe as named
from gansmith.recipes.composition import Recipe, change, to_dict
from gansmith.records import lock
from gansmith.records.journal import Journal
from gansmith.records.run_folder import Facts, RunFolder
from gansmith.settings.foreign import fingerprints, foreign
from gansmith.settings.values import expanded
from gansmith.streams import forked
from gansmith.training.assemble import assemble
from gansmith.training.device import prepared
from gansmith.training.ema import check_average
from gansmith.training.guests import Guests, Networks, Pair
from gansmith.training.moment import Callback, Moment


def train(
    recipe: Recipe | str,
    out: str | Path | None = None,
    networks: Pair | Networks | None = None,
    quiet: bool = False,
    *,
    data: Any = None,
    labels: Any = None,
    terms: Sequence[Any] = (),
    callbacks: Sequence[Callback] = (),
    **settings: Any,
) -> TrainedGenerator:
    """Train a GAN from its first step and return its generator.

    Args:
        recipe: what to train, or the name of a recipe, see `gansmith.recipe`.
        out: run folder; by default nothing is written.
        networks: your own generator (maps (N, latent) to samples) and discriminator (maps samples to scores (N,) or
            a `DiscriminatorOutput`), or networks by name, instead of the recipe's.
        quiet: show no progress.
        data: real samples: a name as for `--data`, a tensor, an array, a torch or Hugging Face data set, see
            `gansmith.data.memory.from_memory`; by default the recipe's.
        labels: of these data, (N,).
        terms: of your own, besides the recipe's.
        callbacks: of your own: whoever has `due(step, last)` and can be called with the trainer.
        settings: of the recipe, by their flat names.

    Raises:
        GansmithError: if the recipe, the data or the folder cannot be used.
        DivergedError: if a cost stops being finite; the last good checkpoint stays.
        KeyboardInterrupt: after Ctrl-C, once the step in play is finished and, with a run folder, saved; a run that a
            callback stops returns its generator.

    >>> import torch
    >>> gan = train("nsgan", data=torch.randn(64, 2), steps=2, quiet=True, latent=2, device="cpu")
    >>> gan.sample(3).shape
    torch.Size([3, 2])
    """
    chosen = named(recipe) if isinstance(recipe, str) else recipe
    given = data is not None and not isinstance(data, str | Path)
    if data is not None:
        settings["data"] = GIVEN if given else str(data)
    if terms:
        settings["term"] = [*terms]
    chosen = change(chosen, settings)
    source = data if given else None
    if out is None:
        return Session(chosen, None, networks, source, labels, callbacks).run(quiet)
    folder = RunFolder(expanded(str(out)))
    if not given:
        check_apart(folder.path, chosen.source.data, "--out")
    with folder.claimed():
        return Session(chosen, folder, networks, source, labels, callbacks).run(quiet)


class Session:
    """A recipe with everything built from it, before its first step.

    Args:
        folder: of the run; None writes nothing.
        callbacks: of the user's own, after ours.
    """

    def __init__(
        self,
        recipe: Recipe,
        folder: RunFolder | None,
        networks: Pair | Networks | None = None,
        data: Any = None,
        labels: Any = None,
        callbacks: Sequence[Callback] = (),
        resuming: Facts | None = None,
    ) -> None:
        self.folder = folder
        self.resuming = resuming
        self.guests = Guests(networks)
        self.trainer = assemble(recipe, data, networks, callbacks, labels, resuming)
        self.recipe = self.trainer.recipe
        self.dataset = self.trainer.rounds.dataset
        self.device = self.trainer.rounds.device

    @property
    def facts(self) -> Facts:
        """What the run's folder says of it."""
        trainer, stored = self.trainer, to_dict(self.recipe)
        inside = [name for name in foreign(stored) if name.startswith("__main__:")]
        if inside:
            warnings.warn(
                f"{', '.join(inside)}: defined in the program itself; to resume by command, put it in a module",
                stacklevel=2,
            )
        code = fingerprints(stored)
        shape = tuple(self.dataset.shape)
        return Facts(self.recipe, shape, trainer.own_networks, trainer.vocabulary, code, self.data)

    @property
    def data(self) -> dict[str, Any]:
        """Where the data lie, and what they are."""
        name = self.recipe.source.data
        path = self.resuming.data.get("path") if self.resuming and self.resuming.recipe.source.data == name else None
        return {"path": path or located(name), **fingerprint(self.dataset)}

    def run(self, quiet: bool) -> TrainedGenerator:
        """Train to the end; where the user stops it, save, say how to go on, and let the interrupt through."""
        with self.guests:
            return self._run(quiet)

    def _run(self, quiet: bool) -> TrainedGenerator:
        recipe, trainer, folder = self.recipe, self.trainer, self.folder
        journal = Journal(folder.journal if folder else None, trainer.steps_done, recipe)
        logger = Logger(journal, recipe.records.log_every)
        progress = Progress(recipe.training.steps, trainer.steps_done, journal, quiet)
        opening = [] if folder is None or trainer.steps_done else [_Opening(folder, self.facts)]
        trainer.callbacks = [*opening, *self.callbacks(journal, logger), *trainer.callbacks, progress]
        try:
            with progress, prepared(recipe.compute):
                where = f", in {folder.path}" if folder else ""
                progress.say(f"{recipe.name} on {self.dataset.description}, {self.device}{where}")
                for note in getattr(self.dataset, "notes", ()):
                    progress.say(note)
                if self.dataset.label_names and not _uses_labels(recipe):
                    progress.say(f"{recipe.name} makes no use of the labels; cdcgan, cgan and acgan do")
                if recipe.conditioning.condition == "attributes" and getattr(self.dataset, "found", False):
                    progress.say(_found(self.dataset.attribute_names))
                trainer.run(recipe.training.steps)
        finally:
            journal.close()
        if trainer.stopping and trainer.steps_done < recipe.training.steps:
            why = f" ({trainer.why})" if trainer.why else ""
            how = f"; go on with: gansmith resume {folder.path}" if folder else ""
            progress.say(f"stopped at step {trainer.steps_done}{why}{how}")
            if trainer.interrupted or trainer.why is None:
                raise KeyboardInterrupt
        elif folder:
            progress.say(f"done; samples are in {folder.samples}")
        return self._trained()

    def _trained(self) -> TrainedGenerator:
        """Return the generator, apart from its training."""
        trained, networks = self.trainer.trained(), self.trainer.game.networks
        if self.trainer.own_networks and self.folder is None:  # which was looked at by no evaluation
            check_average(trained, networks["generator"], "at the end")
        network = _at_rest(trained.generator, "generator")
        judge, run = networks.get("discriminator"), self.folder.path if self.folder else None
        if judge is not None and self.trainer.own_networks:
            judge = _at_rest(judge, "discriminator")  # the user's own may be trained on
        opponent = None if judge is None else functools.partial(_at_rest, judge, "discriminator")
        guide = None if run is None else beside(run)
        return dataclasses.replace(trained, generator=network, run=run, opponent=opponent, guide=guide)

    @forked()  # reading data of a user's own may draw numbers
    def callbacks(self, journal: Journal, logger: Logger) -> Sequence[Callback]:
        """Return ours, in the order in which they look."""
        recipe, records, folder = self.recipe, self.recipe.records, self.folder
        if folder is None:
            if recipe.evaluation.patience:
                raise GansmithError(f"patience = {recipe.evaluation.patience} waits for evaluations: give the run out=")
            return [WarningSigns(self.dataset, journal), logger]
        evaluation = EvaluationCallback(folder, journal, recipe, self.dataset, self.device)
        checkpointer = Checkpointer(folder, records.checkpoint_every, records.keep)  # after who sets the best
        grid, curve = SampleGrid(folder, journal, recipe, self.dataset), CurvePlot(folder)
        return [WarningSigns(self.dataset, journal), logger, grid, evaluation, checkpointer, curve]


def _uses_labels(recipe: Recipe) -> bool:
    reads = any(needs_of(term).knowledge for term in recipe.terms)
    return reads or recipe.conditioning.condition == "labels"


def _found(names: list[str]) -> str:
    """Say which attributes a run takes where nobody chose them."""
    shown = ", ".join(names[:SHOWN]) + ", …" * (len(names) > SHOWN)
    return f"attributes: {len(names)} found by themselves ({shown}); --attribute-columns chooses some"


def _at_rest(network: nn.Module, name: str) -> nn.Module:
    """Return a copy that is used and no longer trained."""
    return copy_of(network, name).eval().requires_grad_(False)


class _Opening:
    """Starts the run's folder once its first step has passed: what fails before leaves nothing behind."""

    def __init__(self, folder: RunFolder, facts: Facts) -> None:
        self.folder = folder
        self.facts = facts
        self.done = False

    def due(self, step: int, last: bool) -> bool:
        return not self.done

    def __call__(self, moment: Moment) -> None:
        self.folder.create(self.facts)
        self.done = True


def fresh_folder(recipe: Recipe) -> AbstractContextManager[Path]:
    """Make runs/RECIPE-DATA-TIME, with a number behind it if that is taken; see `gansmith.records.lock`."""
    data = Path(recipe.source.data.removeprefix("hub:")).stem
    return lock.fresh_folder(Path("runs") / f"{recipe.name}-{data}-{datetime.datetime.now():%Y%m%d-%H%M%S}")
