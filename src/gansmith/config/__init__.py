"""What a run is, as frozen dataclasses: the command line, `config.json` and forms are all made from these.

A `Recipe` has six parts, each read by one floor of the house. Field names are unique across the parts, so that
`--gradient-penalty 5` on the command line and `recipe("wgan-gp", gradient_penalty=5)` need no prefix.
"""

from __future__ import annotations

import dataclasses
import typing
from dataclasses import dataclass, field
from typing import Annotated, Any

import tyro

from gansmith.config.parts import Budget, Measure, Networks, Objective, Play, Source
from gansmith.errors import GansmithError, unknown
from gansmith.values import checked

__all__ = ["Budget", "Measure", "Networks", "Objective", "Play", "Recipe", "Source", "change", "from_dict", "to_dict"]

FORMAT = 1  # of config.json; raised when a stored config can no longer be read as it stands


@dataclass(frozen=True)
class Recipe:
    """A run in full: `Recipe` and seed together determine every number of it."""

    name: Annotated[str, tyro.conf.Suppress] = "own"
    source: Source = field(default_factory=Source)
    networks: Networks = field(default_factory=Networks)
    objective: Objective = field(default_factory=Objective)
    play: Play = field(default_factory=Play)
    budget: Budget = field(default_factory=Budget)
    measure: Measure = field(default_factory=Measure)


PARTS: dict[str, type[Any]] = {
    "source": Source,
    "networks": Networks,
    "objective": Objective,
    "play": Play,
    "budget": Budget,
    "measure": Measure,
}
FIELDS: dict[str, str] = {f.name: part for part, kind in PARTS.items() for f in dataclasses.fields(kind)}


def change(recipe: Recipe, changes: dict[str, Any]) -> Recipe:
    """Return the recipe with some fields changed, each given by its own name whichever part it is in.

    >>> change(Recipe(), {"steps": 10}).budget.steps
    10
    """
    parts: dict[str, dict[str, Any]] = {}
    for name, value in changes.items():
        if name not in FIELDS:
            raise unknown("field", name, FIELDS)
        part = FIELDS[name]
        parts.setdefault(part, {})[name] = checked(name, typing.get_type_hints(PARTS[part])[name], value)
    return dataclasses.replace(recipe, **{p: dataclasses.replace(getattr(recipe, p), **c) for p, c in parts.items()})


def to_dict(recipe: Recipe) -> dict[str, Any]:
    """Return the recipe as plain JSON values."""
    return {"format": FORMAT, **dataclasses.asdict(recipe)}


def from_dict(stored: dict[str, Any]) -> Recipe:
    """Rebuild a recipe from `to_dict`'s values, or say in one line why it cannot be."""
    if stored.get("format") != FORMAT:
        raise GansmithError(
            f"config format {stored.get('format')} is not the format {FORMAT} that this gansmith reads: "
            "use the gansmith version that wrote the run, or train it again"
        )
    leaves = {name: value for part in PARTS for name, value in stored.get(part, {}).items()}
    if leaves.pop("minibatch_stddev", False):  # what runs of before `minibatch` call it
        leaves["minibatch"] = "stddev"
    return change(Recipe(name=stored.get("name", "own")), leaves)
