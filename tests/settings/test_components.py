"""Every setting of ours says what it is, has a default, and is held to its range at every door."""

import dataclasses
import math
from dataclasses import dataclass
from typing import Annotated, Any

import pytest

from gansmith import settings
from gansmith.data.source import SOURCES
from gansmith.dynamics import DYNAMICS
from gansmith.errors import GansmithError
from gansmith.games.augmentations import AUGMENTATIONS
from gansmith.games.optimizers import OPTIMIZERS
from gansmith.generators.prior import PRIORS
from gansmith.networks import CONDITIONINGS, FAMILIES, OPTIONS
from gansmith.recipes.composition import Recipe
from gansmith.recipes.parts import COMPUTES, EVALUATIONS, RECORDS, TRAININGS
from gansmith.settings import Component, Kind, Range, from_json, to_json
from gansmith.settings.components import helps, hints, imported, leaves, marks, name_of, settings_of, slot, walk
from gansmith.settings.values import options
from gansmith.terms import LOSSES, R1, TERMS, Adversarial

KINDS = [
    *(TERMS, LOSSES, FAMILIES, DYNAMICS, AUGMENTATIONS, OPTIMIZERS, PRIORS, CONDITIONINGS, OPTIONS, SOURCES),
    *(TRAININGS, COMPUTES, RECORDS, EVALUATIONS),
]
OURS = [pytest.param(made, id=f"{kind.name} {name}") for kind in KINDS for name, made in kind.ours.items()]


@pytest.mark.parametrize("kind", OURS)
def test_every_setting_has_a_help_and_a_default(kind):
    assert (kind.__doc__ or "").strip() and not kind.__doc__.startswith(f"{kind.__name__}(")
    for one in settings_of(kind):
        if slot(kind, one) is None or kind is not Recipe:
            assert helps(kind).get(one.name, "").endswith("."), one.name
        assert dataclasses.MISSING not in (one.default,) or one.default_factory is not dataclasses.MISSING, one.name
    settings.check(kind())
    assert kind() == kind() and hash(kind()) == hash(kind())


def test_each_is_of_its_kind_by_its_member():
    for kind in KINDS:
        for name, made in kind.ours.items():
            assert hasattr(made(), kind.member), name


def outside(limits: Range, whole: bool) -> list[Any]:
    """Return numbers just outside of a range."""
    step = 1 if whole else 1e-6
    found = [limits.least - step, limits.above, limits.most + step, limits.below]
    finite = [number for number in found if math.isfinite(number)]
    return [int(number) if whole else number for number in finite]


RANGED = [
    pytest.param(kind.values[0], one.name, limits, id=f"{kind.id} {one.name}")
    for kind in OURS
    for one in settings_of(kind.values[0])
    if isinstance(limits := marks(kind.values[0])[one.name], Range)
]


@pytest.mark.parametrize(("kind", "name", "limits"), RANGED)
def test_ranges_are_enforced(kind, name, limits):
    hint = options(hints(kind)[name])[0]
    pair = getattr(hint, "__origin__", None) is tuple
    wrong = outside(limits, hint is int)
    assert wrong
    for number in wrong:
        component = kind(**{name: (number, number) if pair else number})
        with pytest.raises(GansmithError, match=name):
            settings.check(component)
        with pytest.raises(GansmithError, match=name):
            from_json(kind, to_json(component))
    assert getattr(kind(), name) is None or getattr(kind(), name) in limits


def test_most_numbers_of_ours_have_a_range():
    """A number without one is a decision, not an oversight."""
    free = {
        f"{name_of(kind.values[0])}.{one.name}"
        for kind in OURS
        for one in settings_of(kind.values[0])
        if hints(kind.values[0])[one.name] in (int, float) and marks(kind.values[0])[one.name] is None
    }
    assert free == set() and len(RANGED) > 60


BOX = Kind("box", "weight")


@dataclass(frozen=True)
class Box:
    """A box."""

    weight: Annotated[float, Range(above=0)] = 1.0
    """How heavy."""
    inside: Annotated[Component, BOX] = None
    """What is in it."""
    beside: Annotated[tuple[Component, ...], BOX] = ()
    hidden: Any = dataclasses.field(default=None, metadata=settings.PLAIN)

    def check(self) -> None:
        if self.weight == 13:
            raise GansmithError("nobody carries 13")


BOX.ours["box"] = Box


def test_a_walk_sees_settings_and_places_at_their_paths():
    whole = Box(2.0, Box(3.0), (Box(4.0),))
    paths = [".".join(one.path) for one in walk(whole)]
    assert paths[:3] == ["weight", "inside", "inside.weight"] and "beside.box.weight" in paths
    assert not any("hidden" in path for path in paths)
    assert leaves(whole)["beside.box.weight"] == 4.0
    assert leaves(Recipe())["network"] == "dcgan" and leaves(Recipe())["augmentations"] == "none"
    assert "terms.adversarial" in leaves(Recipe())


@pytest.mark.parametrize(
    ("whole", "told"),
    [
        (Box(-1.0), "weight = -1 must be more than 0"),
        (Box("x"), "weight = 'x' must be a number"),
        (Box(True), "weight = True must be a number"),
        (Box(1.0, Box(0.0)), "weight = 0 must be more than 0"),
        (Box(1.0, None, (Box(2.0), Box(-2.0))), "box.weight = -2 must be more than 0"),
        (Box(1.0, Box(13.0)), "nobody carries 13"),
        (Box(1.0, Box), "is no box: give a frozen dataclass of its settings, with `weight`"),
        (Box(1.0, "box"), "inside = 'box' is no box"),
        (Box(1.0, R1()), ""),  # it has a weight
    ],
)
def test_a_whole_composition_is_checked(whole, told):
    if not told:
        return settings.check(whole)
    with pytest.raises(GansmithError) as caught:
        settings.check(whole)
    assert told in str(caught.value) and "\n" not in str(caught.value)
    return None


def test_names_are_those_of_classes_or_their_own():
    assert [name_of(R1()), name_of(Adversarial()), name_of(Adversarial(against="second"))] == [
        "r1",
        "adversarial",
        "adversarial_second",
    ]
    for kind in (TERMS, AUGMENTATIONS):
        assert {name: name_of(made()) for name, made in kind.ours.items()} == {name: name for name in kind.ours}


def test_what_cannot_be_imported_is_one_line():
    assert imported("math:tau", "number") == math.tau
    for name in ("math:tauu", "maths:tau", ":tau", "math:"):
        with pytest.raises(GansmithError, match="cannot be imported"):
            imported(name, "number")
