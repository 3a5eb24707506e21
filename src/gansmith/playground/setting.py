"""What is played: a toy and settings of a recipe, few enough for a page, with bounds that keep it quick."""

from __future__ import annotations

import json
import math
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import torch

from gansmith.data.toys import TOYS, Toy, mixture
from gansmith.errors import GansmithError, unknown
from gansmith.recipes import recipe as named
from gansmith.recipes.composition import Recipe, change

BASE = "nsgan"
ENDLESS = 10_000_000  # steps: somebody stops it
DRAWN, MOST_DRAWN, REACH, SPREAD = "drawn", 60, 10.0, 0.05


class Bound(NamedTuple):
    """The numbers that a setting may have."""

    least: float
    most: float
    whole: bool = False


RATE = Bound(0.0, 10.0)
LAYERS = Bound(0, 6, True)
OPTIMIZERS = ("Adam", "SGD", "RMSprop")
ALLOWED: Mapping[str, Bound | tuple[Any, ...]] = {
    "loss": ("nonsaturating", "minimax", "wasserstein", "hinge", "least-squares", "relativistic"),
    "r1": Bound(0, 1000),
    "r2": Bound(0, 1000),
    "gradient_penalty": Bound(0, 1000),
    "discriminator.weight_clip": Bound(0, 10),
    "dynamics": ("alternating", "simultaneous", "extragradient", "optimistic", "lookahead", "unrolled"),
    "n_critic": Bound(1, 20, True),
    "discriminator.optimizer": OPTIMIZERS,
    "discriminator.lr": RATE,
    "generator.optimizer": OPTIMIZERS,
    "generator.lr": RATE,
    "batch": Bound(8, 1024, True),
    "hidden": Bound(1, 256, True),
    "discriminator_layers": LAYERS,
    "generator_layers": LAYERS,
    "latent": Bound(1, 16, True),
    "noise": ("normal", "uniform"),
    "standardize": (True, False),
    "seed": Bound(0, 2**31 - 1, True),
}
"""Settings of a playground by flat name, and what each may be."""

DEFAULTS: Mapping[str, Any] = {
    "loss": "nonsaturating",
    "r1": 0.0,
    "r2": 0.0,
    "gradient_penalty": 0.0,
    "discriminator.weight_clip": 0.0,
    "dynamics": "alternating",
    "n_critic": 1,
    "discriminator.optimizer": "Adam",
    "discriminator.lr": 2e-3,
    "generator.optimizer": "Adam",
    "generator.lr": 1e-3,
    "batch": 128,
    "hidden": 64,
    "discriminator_layers": 2,
    "generator_layers": 2,
    "latent": 2,
    "noise": "normal",
    "standardize": True,
    "seed": 0,
}


@dataclass(frozen=True)
class Setting:
    """A toy and what plays on it.

    Attributes:
        data: the name of a toy, or "drawn".
        chosen: settings that differ from `DEFAULTS`, by flat name.
        points: of drawn data, the centres of its modes, all of one dimension, 1 or 2.

    >>> Setting("ring", {"batch": 256}).command(500)
    'gansmith train nsgan --data ring --loss nonsaturating ... --batch 256 ... --steps 500'
    """

    data: str = "ring"
    chosen: Mapping[str, Any] = field(default_factory=dict)
    points: tuple[tuple[float, ...], ...] = ()

    def __post_init__(self) -> None:
        if self.data != DRAWN and self.data not in TOYS:
            raise unknown("data", str(self.data), [*TOYS, DRAWN])
        checked = {name: _checked(name, value) for name, value in self.chosen.items()}
        object.__setattr__(self, "chosen", {n: v for n, v in checked.items() if v != DEFAULTS[n]})
        if self.data == DRAWN:
            _check_points(self.points)

    @property
    def values(self) -> dict[str, Any]:
        """All settings by flat name."""
        return {**DEFAULTS, **self.chosen}

    def dataset(self) -> Toy:
        """Return the data: of drawn points each is a mode, as likely as the others, of standard deviation 0.05."""
        if self.data != DRAWN:
            return TOYS[self.data]()
        return mixture(torch.tensor(self.points), SPREAD, f"{len(self.points)} drawn modes")

    def recipe(self) -> Recipe:
        """Return it as a recipe that goes on until somebody stops it."""
        return change(named(BASE), {**self._changes(), "steps": ENDLESS})

    def command(self, steps: int) -> str:
        """Return the command of the same run."""
        if self.data == DRAWN:
            raise GansmithError("data drawn by hand have no name for a command: copy it as Python")
        words = ["gansmith", "train", BASE, "--data", self.data]
        for name, value in self._changes().items():
            flag = name.replace("_", "-")
            words += [f"--{'' if value else 'no-'}{flag}"] if isinstance(value, bool) else [f"--{flag}", _text(value)]
        return shlex.join([*words, "--steps", str(steps)])

    def python(self, steps: int) -> str:
        """Return the same run in Python."""
        changes = json.dumps(self._changes(), indent=4).replace(": null", ": None")
        changes = changes.replace(": true", ": True").replace(": false", ": False")
        drawn = self.data == DRAWN
        opening = "import torch\n\nfrom gansmith.data.toys import mixture\n\n" if drawn else ""
        data = f'mixture(torch.tensor({[*map(list, self.points)]}), {SPREAD}, "drawn")' if drawn else repr(self.data)
        return f"import gansmith\n{opening}gan = gansmith.train({BASE!r}, data={data}, steps={steps}, **{changes})\n"

    def query(self) -> dict[str, str]:
        """Return it as the words of a link."""
        drawn = {"points": ";".join(",".join(map(_text, p)) for p in self.points)}
        return {"data": self.data, **{n: _text(v) for n, v in self.chosen.items()}, **(drawn if self.points else {})}

    def _changes(self) -> dict[str, Any]:
        """Return what makes the base recipe this one."""
        values = self.values
        if values["dynamics"] in ("simultaneous", "extragradient", "optimistic"):
            values.pop("n_critic")  # everybody moves at once
        for player in ("discriminator", "generator"):
            if values[f"{player}.optimizer"] != "Adam":
                values[f"{player}.betas"] = None
        for penalty in ("r1", "r2", "gradient_penalty", "discriminator.weight_clip"):
            if not values[penalty]:
                values.pop(penalty)
        return {**values, "schedule": "constant", "ema": 0.0, "device": "cpu"}


def from_query(query: Mapping[str, str]) -> Setting:
    """Return the setting of a link; names that are none of its own are passed over, as other tools add theirs.

    Raises:
        GansmithError: if a value is out of its bounds.

    >>> from_query({"data": "grid", "batch": "64", "utm": "x"}).values["batch"]
    64
    """
    points = tuple(_numbers(part) for part in query["points"].split(";")) if query.get("points") else ()
    chosen = {name: value for name, value in query.items() if name in ALLOWED}
    return Setting(query.get("data", "ring"), chosen, points)


def _numbers(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        raise GansmithError(f"points = {text[:40]} are no numbers: give x,y;x,y;…") from None


def _checked(name: str, value: Any) -> Any:
    """Return a value as its setting has it, or say why it cannot be."""
    if name not in ALLOWED:
        raise unknown("setting", str(name), ALLOWED)
    allowed = ALLOWED[name]
    if isinstance(allowed, Bound):
        return _within(name, value, allowed)
    if isinstance(value, str) and bool in map(type, allowed):
        value = {"true": True, "false": False}.get(value.lower(), value)
    if value not in allowed:
        raise GansmithError(f"{name} = {str(value)[:40]} must be one of {', '.join(map(str, allowed))}")
    return value


def _within(name: str, value: Any, bound: Bound) -> float | int:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not bound.least <= number <= bound.most or (bound.whole and number != int(number)):
        kind = "a whole number" if bound.whole else "a number"
        raise GansmithError(f"{name} = {str(value)[:40]} must be {kind} from {bound.least:g} to {bound.most:g}")
    return int(number) if bound.whole else number


def _check_points(points: tuple[tuple[float, ...], ...]) -> None:
    if not 1 <= len(points) <= MOST_DRAWN:
        raise GansmithError(f"{len(points)} points are drawn: 1 to {MOST_DRAWN} make data")
    if len({len(p) for p in points}) > 1 or len(points[0]) not in (1, 2):
        raise GansmithError("points must be on the line or in the plane, all of them alike")
    if not all(abs(c) <= REACH for p in points for c in p):
        raise GansmithError(f"points must lie within [−{REACH:g}, {REACH:g}]")


def _text(value: Any) -> str:
    """Return a value as it is read again: the same number to its last digit."""
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)
