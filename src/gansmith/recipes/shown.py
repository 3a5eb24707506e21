"""A recipe as text: the whole composition, and where each value comes from."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from gansmith.recipes.composition import Recipe, suited
from gansmith.settings import Component, Kind, name_of
from gansmith.settings.components import bare, children, leaves, settings_of, slot, type_name
from gansmith.settings.flat import View

VALUE, ORIGIN = 40, 72  # columns at which they begin
SHAPES = {"images": (1, 28, 28), "vectors": (2,)}
IDLE = {"images": "vectors", "vectors": "network"}
"""The family that does not play samples of a kind."""
PLACES = {"gray": "gray images", "colour": "colour images", "plane": "vectors of one or two numbers"}
"""What kinds of data are called."""


def composition(recipe: Recipe, base: Recipe | None = None) -> str:
    """Return every component and setting of a recipe, a line each.

    Behind a value stands where it comes from if it is no default: the recipe, or "given" where the recipe by itself has
    another one.

    Args:
        base: the recipe by itself.
    """
    usual, own = leaves(Recipe()), leaves(recipe if base is None else base)
    lines = [recipe.name]
    for depth, path, value, default in _rows(recipe, (), usual):
        known = own.get(path, dataclasses.MISSING)
        origin = "given" if known != value else "" if value == default else recipe.name
        left = f"{'  ' * depth}{bare(path.rpartition('.')[2])}"
        shown = " ".join(map(str, value)) if isinstance(value, tuple) else value
        lines.append(f"{left:{VALUE}}{shown!s:{ORIGIN - VALUE}}{origin}".rstrip())
    return "\n".join(lines) + "\n"


def suiting(recipe: Recipe) -> str:
    """Return how a recipe differs on some kinds of data and from its paper, and what it reaches, a line each."""
    bounds = {data: ", ".join(f"{name} {b:g}" for name, b in them.items()) for data, them in recipe.bounds.items()}
    paragraphs = {f"on {PLACES.get(kind, kind)}": changes for kind, changes in recipe.by_data.items()}
    paragraphs["its paper has"] = {name: values["paper"] for name, values in differences(recipe).items()}
    paragraphs["reaches at its defaults, or better"] = bounds
    lines = []
    for title, rows in paragraphs.items():
        lines += [title] if rows else []
        lines += [f"  {name:{VALUE - 2}}{value}" for name, value in rows.items()]
    return "".join(f"{line}\n" for line in lines)


def differences(recipe: Recipe) -> dict[str, dict[str, Any]]:
    """Return the settings in which a recipe differs from its paper: their values there, on images and on vectors.

    A setting that does not count on one of them, such as the width of convolutions on vectors, has the paper's value.
    """
    suited_to = {kind: View(suited(recipe, shape)) for kind, shape in SHAPES.items()}
    found = {
        name: {"paper": paper} | {kind: _value(view, name, IDLE[kind], paper) for kind, view in suited_to.items()}
        for name, paper in recipe.paper.items()
    }
    return {name: values for name, values in found.items() if any(v != values["paper"] for v in values.values())}


def _value(view: View, name: str, idle: str, paper: Any) -> Any:
    """Return the value behind a flat name; several if players differ in it, and 0 for a term that is not there."""
    if name in view.choices:
        return name_of(view.choices[name][0].value)
    if name not in view.settings:
        return 0
    active = [one for one in view.settings[name] if one.path[0] != idle]
    values = list(dict.fromkeys(getattr(one.owner, one.field.name) for one in active))
    return paper if not values else values[0] if len(values) == 1 else tuple(values)


Row = tuple[int, str, Any, Any]
"""Depth, path, value and default."""


def _rows(component: Component, path: tuple[str, ...], usual: Mapping[str, Any]) -> Iterator[Row]:
    """Yield every setting of a component, and what stands in its places."""
    for field in settings_of(component):
        value, kind, here = getattr(component, field.name), slot(component, field), (*path, field.name)
        if kind is None:
            yield len(path), ".".join(here), value, field.default
        elif isinstance(value, tuple | Mapping):
            yield len(path), ".".join(here), "" if value else "none", "" if value else "none"
            for name, part in children(field, value):
                yield from _component(part, kind, (*here, name), usual)
        else:
            yield from _component(value, kind, here, usual)


def _component(component: Component, kind: Kind, path: tuple[str, ...], usual: Mapping[str, Any]) -> Iterator[Row]:
    """Yield a component, by name where it could be another, and its settings."""
    name = type_name(component, kind) if len(kind.ours) > 1 and path[-1] != name_of(component) else ""
    full = ".".join(path)
    yield len(path) - 1, full, name, usual.get(full, name) if name else ""
    yield from _rows(component, path, usual)
