"""Going on with a run."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gansmith.data.fingerprint import changed as changed_data
from gansmith.errors import GansmithError
from gansmith.generators.trained import TrainedGenerator
from gansmith.recipes.composition import Recipe, change
from gansmith.records import lock
from gansmith.records.run_folder import Facts, RunFolder
from gansmith.runs.changes import ChangeRecord, check_changes, taken_in
from gansmith.runs.session import Session
from gansmith.settings.values import expanded
from gansmith.training.guests import Networks, Pair
from gansmith.training.moment import Callback


def resume(
    run: str | Path,
    steps: int | None = None,
    networks: Pair | Networks | None = None,
    quiet: bool = False,
    trust: bool = False,
    accept_changed_data: bool = False,
    *,
    data: Any = None,
    labels: Any = None,
    callbacks: Sequence[Callback] = (),
    recipe: Recipe | None = None,
    **settings: Any,
) -> TrainedGenerator:
    """Go on with a run from its last checkpoint; the outcome is the same, bit for bit, as without the interruption.

    Args:
        run: run folder.
        steps: new total of steps; by default the recipe's. A schedule of the learning rate follows the new total.
        networks: needed again if the run was started with networks of your own.
        trust: import code of a user's own that the run's config names.
        accept_changed_data: go on though the data are not what they were; the run's `config.json` says so.
        data, labels: needed again if the run was started with data that a program held; others of the same shape may
            stand in their place.
        callbacks: of your own.
        recipe: the run's with other settings, instead of `settings`.
        settings: of the recipe from here on, by their flat names: rates and other settings of optimisers, weights of
            terms, terms that bring no networks, dynamics, what is written down and measured, where it is computed. The
            run's `config.json` has them from then on, and the former ones under "changes".

    Raises:
        GansmithError: if the run cannot be resumed, or its state does not fit what is asked for.
    """
    folder = RunFolder(expanded(str(run)))
    facts = folder.read(trust)
    if facts.own_networks and networks is None:
        raise GansmithError(f"{run} was trained with networks of your own: resume it from Python, with networks=")
    if steps is not None:
        settings["steps"] = steps
    named = data is not None or "data" in settings or (recipe or facts.recipe).source.data != facts.recipe.source.data
    if isinstance(data, str | Path):
        settings["data"], data = str(data), None
    wanted = change(recipe or facts.recipe, settings)
    changed = check_changes(facts.recipe, wanted, folder.path)
    with lock.locked(folder.path):
        state = folder.checkpoints().latest()
        if state["step"] >= wanted.training.steps:
            raise GansmithError(
                f"{run} has finished its {state['step']} steps: use --steps {2 * state['step']} to train on"
            )
        session = Session(wanted, folder, networks, data, labels, callbacks, resuming=facts)
        trainer, told = session.trainer, session.facts
        other = _other_data(facts, told, str(run), named or accept_changed_data)
        told = dataclasses.replace(told, code={**told.code, **facts.code})
        trainer.callbacks = [ChangeRecord(folder, told, state["step"], {**changed, **other}), *trainer.callbacks]
        with session.guests:
            trainer.load_state_dict(taken_in(state, trainer, changed))
            return session.run(quiet)


def _other_data(before: Facts, now: Facts, run: str, accepted: bool) -> dict[str, Any]:
    """Return what the data were, if they are others now and that is accepted."""
    if not changed_data(dict(before.data), dict(now.data)):
        return {}
    if not accepted:
        there = f" ({before.data['path']})" if before.data.get("path") else ""
        raise GansmithError(
            f"{run}: its data{there} are not what they were, {before.data['count']:,} samples then and "
            f"{now.data['count']:,} now: put them back, or use --accept-changed-data"
        )
    return {"data": dict(before.data)}
