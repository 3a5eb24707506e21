"""Starting a run, going on with one, and taking its generator home."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path

from gansmith.callbacks.checkpointer import Checkpointer
from gansmith.callbacks.curve_plot import CurvePlot
from gansmith.callbacks.evaluation import EvaluationCallback
from gansmith.callbacks.logger import Logger
from gansmith.callbacks.progress import Progress
from gansmith.callbacks.sample_grid import SampleGrid
from gansmith.errors import GansmithError
from gansmith.generators.trained import TrainedGenerator
from gansmith.recipes.composition import Recipe, change
from gansmith.records.journal import Journal
from gansmith.records.run_folder import Facts, RunFolder
from gansmith.runs.loading import load
from gansmith.training.assemble import Networks, Pair, assemble
from gansmith.training.device import prepared
from gansmith.training.trainer import Callback


def train(
    recipe: Recipe, out: str | Path | None = None, networks: Pair | Networks | None = None, quiet: bool = False
) -> TrainedGenerator:
    """Train a GAN from its first step and return it.

    Args:
        recipe: what to train, see `gansmith.recipe`.
        out: run folder; by default a fresh one under `runs/`.
        networks: your own generator (maps (N, latent) to samples) and discriminator (maps samples to scores (N,) or
            a `DiscriminatorOutput`), or networks by name, instead of the recipe's.
        quiet: show no progress.

    Raises:
        GansmithError: if the recipe, the data or the folder cannot be used.
        DivergedError: if a cost stops being finite; the last good checkpoint stays.
        KeyboardInterrupt: after Ctrl-C, once the step in play is finished and saved.
    """
    folder = RunFolder(Path(out) if out else _fresh_folder(recipe))
    folder.check_free()
    play = Session(recipe, folder, networks)
    folder.create(play.facts)
    return play.run(quiet)


def resume(
    run: str | Path,
    steps: int | None = None,
    networks: Pair | Networks | None = None,
    quiet: bool = False,
    trust: bool = False,
) -> TrainedGenerator:
    """Go on with a run from its last checkpoint; the outcome is the same, bit for bit, as without the interruption.

    Args:
        run: run folder.
        steps: new total of steps; by default the recipe's. A schedule of the learning rate follows the new total.
        networks: needed again if the run was started with networks of your own.
        trust: import code of a user's own that the run's config names.
    """
    folder = RunFolder(Path(run))
    facts = folder.read(trust)
    recipe = facts.recipe
    if facts.own_networks and networks is None:
        raise GansmithError(f"{run} was trained with networks of your own: resume it from Python, with networks=")
    if steps is not None:
        recipe = change(recipe, {"steps": steps})
    state = folder.checkpoints().latest()
    if state["step"] >= recipe.training.steps:
        raise GansmithError(
            f"{run} has finished its {state['step']} steps: use --steps {2 * state['step']} to train on"
        )
    play = Session(recipe, folder, networks)
    play.trainer.load_state_dict(state)
    return play.run(quiet)


class Session:
    """A recipe with everything built from it, before its first step."""

    def __init__(self, recipe: Recipe, folder: RunFolder, networks: Pair | Networks | None) -> None:
        self.folder = folder
        self.own_networks = networks
        self.trainer = assemble(recipe, networks=networks)
        self.recipe = self.trainer.recipe
        self.dataset = self.trainer.rounds.dataset
        self.device = self.trainer.rounds.device

    @property
    def facts(self) -> Facts:
        """What the run's folder says of it."""
        own = self.own_networks is not None
        return Facts(self.recipe, tuple(self.dataset.shape), own, self.trainer.vocabulary)

    def run(self, quiet: bool) -> TrainedGenerator:
        """Train to the end; where the user stops it, save, say how to go on, and let the interrupt through."""
        recipe, trainer = self.recipe, self.trainer
        journal = Journal(self.folder.journal, trainer.step)
        logger = Logger(journal, recipe.records.log_every)
        progress = Progress(recipe.training.steps, trainer.step, journal, quiet)
        trainer.callbacks = [*self.callbacks(journal, logger), progress]
        try:
            with progress, prepared(recipe.compute):
                progress.say(f"{recipe.name} on {self.dataset.description}, {self.device}, in {self.folder.path}")
                if self.dataset.label_names and recipe.conditioning.condition != "labels":
                    progress.say(f"{recipe.name} makes no use of the labels; cdcgan, cgan and acgan do")
                trainer.run(recipe.training.steps)
        finally:
            journal.close()
        if trainer.stopping and trainer.step < recipe.training.steps:
            progress.say(f"stopped at step {trainer.step}; go on with: gansmith resume {self.folder.path}")
            raise KeyboardInterrupt
        progress.say(f"done; samples are in {self.folder.samples}")
        own = self.own_networks
        return load(self.folder.path, own["generator"] if isinstance(own, Mapping) else own, trust=True)

    def callbacks(self, journal: Journal, logger: Logger) -> Sequence[Callback]:
        """Return those who watch a run, in the order in which they look."""
        recipe, records = self.recipe, self.recipe.records
        evaluation = EvaluationCallback(self.folder, journal, recipe, self.dataset, self.device)
        keeper = Checkpointer(self.folder, records.checkpoint_every, records.keep)  # after who sets the best
        grid = SampleGrid(self.folder, recipe, self.dataset)
        return [logger, grid, evaluation, keeper, CurvePlot(self.folder)]


def _fresh_folder(recipe: Recipe) -> Path:
    """Return runs/RECIPE-DATA-TIME, with a number behind it if that is taken."""
    data = Path(recipe.source.data.removeprefix("hub:")).stem
    stem = f"{recipe.name}-{data}-{datetime.datetime.now():%Y%m%d-%H%M%S}"
    names = itertools.chain([stem], (f"{stem}-{number}" for number in itertools.count(2)))
    return next(path for path in (Path("runs") / name for name in names) if not path.exists())
