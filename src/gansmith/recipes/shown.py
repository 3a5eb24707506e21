"""A recipe as text: the whole composition, and where each value comes from."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from gansmith.recipes.composition import Recipe
from gansmith.settings import Component, Kind, name_of
from gansmith.settings.components import bare, children, leaves, settings_of, slot, type_name

VALUE, ORIGIN = 40, 72  # columns at which they begin


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
