"""What may be changed when a run goes on, and how its state takes that in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from torch.optim.lr_scheduler import LambdaLR

from gansmith.errors import GansmithError
from gansmith.games.game import Player
from gansmith.recipes import former
from gansmith.recipes.composition import Recipe, to_dict
from gansmith.records.run_folder import Facts, RunFolder
from gansmith.settings.components import bare, leaves, name_of
from gansmith.training.moment import Moment
from gansmith.training.trainer import Trainer

Leaves = Mapping[str, Any]
FREE = ("source.data", "source.flip", "source.resident_limit", "source.workers")
WHOLE = ("source", "network", "vectors", "prior", "conditioning", "discriminator_options")
"""Parts of a recipe that decide what its networks are and see."""
MENDS = {
    "training.batch": "use --accumulate 2 for batches twice as large",
    "training.seed": "it has drawn from this one",
    "training.from_": "it has its weights",
}
ANEW = "another run can begin with its weights: gansmith train RECIPE --from RUN"

MEASURE = ("best_by", "features", "metrics", "evaluate_samples")
"""What decides the value of the best: that of another is no measure."""


def check_changes(before: Recipe, after: Recipe, run: Path) -> dict[str, Any]:
    """Return the former values of all settings that have changed, by full path; None for what was not there.

    Raises:
        GansmithError: if the run's state would not fit what is asked for.
    """
    was, will = leaves(before), leaves(after)
    changed = [name for name in {**was, **will} if was.get(name) != will.get(name)]
    for name in changed:
        if mend := next(_mends(name, before, after, was, will), None):
            if name in was and name in will:
                raise GansmithError(f"{_short(name)} = {will[name]}: {run} began with {was[name]}: {mend}")
            raise GansmithError(f"{_short(name)}: {run} began with{'' if name in was else 'out'} it: {mend}")
    return {name: was.get(name) for name in changed}


def _mends(name: str, before: Recipe, after: Recipe, was: Leaves, will: Leaves) -> Iterator[str]:
    """Yield what is to be done where a setting cannot be changed."""
    part, *rest = name.split(".")
    terms = [term for term in (*before.terms, *after.terms) if part == "terms" and [name_of(term)] == rest]
    if name in MENDS:
        yield MENDS[name]
    if part in WHOLE and name not in FREE:
        yield ANEW
    if part == "players" and (len(rest) == 1 or rest[-1] in ("optimizer", "freeze")):
        yield ANEW
    if part == "players" and rest[-1] == "momentum" and bool(was.get(name)) != bool(will.get(name)):
        yield "an optimiser begins with momentum or without: change it, and neither to nor from 0"
    if any(hasattr(term, "networks") for term in terms):
        yield ANEW


def _short(name: str) -> str:
    """Return the last two names of a path, as flags have them."""
    part, *rest = map(bare, name.split("."))
    return ".".join(rest[-2:]) or part


def taken_in(state: dict[str, Any], trainer: Trainer, changed: Collection[str]) -> dict[str, Any]:
    """Return a checkpoint's state as the trainer's recipe will have it: what is set wins over what was saved.

    A run may have ended between a change and the first checkpoint after it: what the checkpoint was made with counts.

    Args:
        changed: settings that differ from those of the run's folder, by full path.
    """
    if state.get("format", former.FORMAT) == former.FORMAT:
        state = former.checkpoint(state)
    now = to_dict(trainer.recipe)
    then = state.get("recipe", now)
    longer = _differ(then["training"]["steps"], now["training"]["steps"]) or "training.steps" in changed
    for name, player in trainer.game.players.items():
        other = _differ(then["players"].get(name), now["players"][name]) or _any(changed, f"players.{name}.")
        if other or (longer and player.schedule is not None):
            _renew(state["game"]["players"][name], player, state["step"])
    if _differ(then["dynamics"], now["dynamics"]) or _any(changed, "dynamics"):
        for kept in state["game"]["players"].values():
            kept["memory"] = {}
    if (
        any(
            _differ(then["evaluation"].get(name), now["evaluation"][name]) or f"evaluation.{name}" in changed
            for name in MEASURE
        )
        or "source.data" in changed
    ):
        state["callbacks"].pop("evaluation_callback", None)
    if trainer.ema is not None and state["ema"] is None:
        state["ema"] = state["game"]["networks"]["generator"]  # the average begins here
    return state


def _differ(then: Any, now: Any) -> bool:
    """Tell whether settings differ in what both know."""
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        return any(_differ(then[name], now[name]) for name in then.keys() & now.keys())
    return bool(then != now)


def _any(changed: Collection[str], start: str) -> bool:
    return any(name.startswith(start) for name in changed)


def _renew(kept: dict[str, Any], player: Player, step: int) -> None:
    """Put a player's settings in the place of those that were saved; its moments and its moves stay."""
    schedule = player.schedule
    for mine, theirs in zip(player.optimizer.param_groups, kept["optimizer"]["param_groups"], strict=False):
        theirs.update({name: value for name, value in mine.items() if name != "params"})
        if isinstance(schedule, LambdaLR):
            theirs["lr"] = mine["initial_lr"] * schedule.lr_lambdas[0](step)
    if schedule is None:
        kept["schedule"] = None
    elif isinstance(schedule, LambdaLR) or kept["schedule"] is None:
        rates = [group["lr"] for group in kept["optimizer"]["param_groups"]]
        kept["schedule"] = schedule.state_dict() | {"last_epoch": step, "_step_count": step + 1, "_last_lr": rates}


class ChangeRecord:
    """Writes changes into the run's config once a step has passed with them: what fails before leaves it as it was."""

    def __init__(self, folder: RunFolder, facts: Facts, step: int, changed: Mapping[str, Any]) -> None:
        self.folder = folder
        self.facts = facts
        self.step = step
        self.changed = changed
        self.done = not changed

    def due(self, step: int, last: bool) -> bool:
        return not self.done

    def __call__(self, moment: Moment) -> None:
        self.folder.change(self.facts, self.step, self.changed)
        self.done = True
