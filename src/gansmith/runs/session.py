"""Starting a run, going on with one, and taking its generator home."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
from collections.abc import Sequence
from pathlib import Path

import torch

from gansmith.config import Recipe
from gansmith.errors import GansmithError
from gansmith.networks import build_heads
from gansmith.runs.assemble import Pair, build_dynamics, build_game, build_networks, condition_of, open_data
from gansmith.runs.check import check, check_data, check_device
from gansmith.runs.trained import TrainedGAN, load
from gansmith.training.device import find_device, prepared
from gansmith.training.ema import EMA
from gansmith.training.journal import Journal
from gansmith.training.progress import Progress
from gansmith.training.rounds import Rounds
from gansmith.training.run_folder import Facts, RunFolder
from gansmith.training.trainer import Trainer, Watcher
from gansmith.training.watchers import Examiner, Keeper, Logger, Painter, Plotter

ROWS = 256  # samples whose attributes are noted with a run


def train(
    recipe: Recipe, out: str | Path | None = None, networks: Pair | None = None, quiet: bool = False
) -> TrainedGAN:
    """Train a GAN from its first step and return it.

    Args:
        recipe: what to train, see `gansmith.recipe`.
        out: run folder; by default a fresh one under `runs/`.
        networks: your own generator (maps (N, latent) to samples) and discriminator (maps samples to scores (N,) or
            a `Judgement`), instead of the recipe's.
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


def resume(run: str | Path, steps: int | None = None, networks: Pair | None = None, quiet: bool = False) -> TrainedGAN:
    """Go on with a run from its last checkpoint; the outcome is the same, bit for bit, as without the interruption.

    Args:
        run: run folder.
        steps: new total of steps; by default the recipe's. A schedule of the learning rate follows the new total.
        networks: needed again if the run was started with networks of your own.
    """
    folder = RunFolder(Path(run))
    facts = folder.read()
    recipe = facts.recipe
    if facts.own_networks and networks is None:
        raise GansmithError(f"{run} was trained with networks of your own: resume it from Python, with networks=")
    if steps is not None:
        recipe = dataclasses.replace(recipe, budget=dataclasses.replace(recipe.budget, steps=steps))
    state = folder.checkpoints().latest()
    if state["step"] >= recipe.budget.steps:
        raise GansmithError(
            f"{run} has finished its {state['step']} steps: use --steps {2 * state['step']} to train on"
        )
    play = Session(recipe, folder, networks)
    play.trainer.load_state_dict(state)
    return play.run(quiet)


class Session:
    """A recipe with everything built from it, before its first step."""

    def __init__(self, recipe: Recipe, folder: RunFolder, networks: Pair | None) -> None:
        check(recipe)
        budget = recipe.budget
        self.recipe = recipe
        self.folder = folder
        self.own_networks = networks
        self.device = find_device(budget.device)
        check_device(recipe, self.device)
        self.dataset = open_data(recipe)
        condition = condition_of(recipe.networks, self.dataset.label_names, self.dataset.attribute_names)
        check_data(recipe, self.dataset, condition)
        pair = networks or build_networks(recipe.networks, self.dataset.shape, budget.seed, condition)
        heads = build_heads(recipe.networks, self.dataset.shape, condition, pair[1])
        game = build_game(recipe, pair, self.device, condition, heads)
        rounds = Rounds(game, self.dataset, recipe.networks, budget.batch, budget.seed, self.device)
        ema = EMA(game.generator, budget.ema) if budget.ema else None
        self.trainer = Trainer(game, build_dynamics(recipe), rounds, ema, [])

    @property
    def facts(self) -> Facts:
        """What the run's folder is told of it."""
        data, rows = self.dataset, []
        if self.recipe.networks.condition == "attributes":
            some = next(data.batches(ROWS, self.recipe.budget.seed, 0, torch.device("cpu"))).attributes
            rows = [] if some is None else [[round(value, 3) for value in row] for row in some.tolist()]
        own = self.own_networks is not None
        return Facts(self.recipe, tuple(data.shape), own, data.label_names, data.attribute_names, rows)

    def run(self, quiet: bool) -> TrainedGAN:
        """Train to the end; where the user stops it, save, say how to go on, and let the interrupt through."""
        recipe, trainer = self.recipe, self.trainer
        journal = Journal(self.folder.journal, trainer.step)
        logger = Logger(journal, recipe.budget.log_every)
        progress = Progress(recipe.budget.steps, trainer.step, journal, quiet)
        trainer.watchers = [*self.watchers(journal, logger), progress]
        try:
            with progress, prepared(recipe.budget):
                progress.say(f"{recipe.name} on {self.dataset.description}, {self.device}, in {self.folder.path}")
                if self.dataset.label_names and recipe.networks.condition != "labels":
                    progress.say(f"{recipe.name} makes no use of the labels; cdcgan, cgan and acgan do")
                trainer.run(recipe.budget.steps)
        finally:
            journal.close()
        if trainer.stopping and trainer.step < recipe.budget.steps:
            progress.say(f"stopped at step {trainer.step}; go on with: gansmith resume {self.folder.path}")
            raise KeyboardInterrupt
        progress.say(f"done; samples are in {self.folder.samples}")
        return load(self.folder.path, self.own_networks)

    def watchers(self, journal: Journal, logger: Logger) -> Sequence[Watcher]:
        """Return those who watch a run, in the order in which they look."""
        recipe, budget = self.recipe, self.recipe.budget
        common = (recipe, self.dataset, self.trainer.game.condition, self.device)
        examiner = Examiner(self.folder, journal, *common)
        keeper = Keeper(self.folder, budget.checkpoint_every, budget.keep)  # after the examiner, who sets the best
        return [logger, Painter(self.folder, *common), examiner, keeper, Plotter(self.folder)]


def _fresh_folder(recipe: Recipe) -> Path:
    """Return runs/RECIPE-DATA-TIME, with a number behind it if that is taken."""
    data = Path(recipe.source.data.removeprefix("hub:")).stem
    stem = f"{recipe.name}-{data}-{datetime.datetime.now():%Y%m%d-%H%M%S}"
    names = itertools.chain([stem], (f"{stem}-{number}" for number in itertools.count(2)))
    return next(path for path in (Path("runs") / name for name in names) if not path.exists())
