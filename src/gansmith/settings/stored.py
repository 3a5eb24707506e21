"""Compositions as plain JSON values, and back."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from gansmith.errors import GansmithError, unknown
from gansmith.settings.components import Component, Kind, bare, find, fitting, settings_of, slot, type_name

TYPE = "type"
"""The key under which a component in a place says which of its kind it is."""


def to_json(component: Component) -> dict[str, Any]:
    """Return the settings of a component; one that stands where another could says its type."""
    found: dict[str, Any] = {}
    for field in settings_of(component):
        name, value, kind = bare(field.name), getattr(component, field.name), slot(component, field)
        if kind is None:
            found[name] = list(value) if isinstance(value, tuple) else value
        elif isinstance(value, Mapping):
            found[name] = {key: to_typed(part, kind) for key, part in value.items()}
        elif isinstance(value, tuple):
            found[name] = [to_typed(part, kind) for part in value]
        else:
            found[name] = to_typed(value, kind)
    return found


def from_json(kind: type, stored: Mapping[str, Any], called: str = "") -> Any:
    """Rebuild a component of a class, or say in one line why it cannot be.

    What it names with MODULE:ATTRIBUTE is imported: see `gansmith.settings.foreign`.
    """
    if not isinstance(stored, Mapping):
        raise GansmithError(f"{called or kind.__name__} = {stored!r} must be settings by name")
    fields = {bare(field.name): field for field in settings_of(kind)}
    values: dict[str, Any] = {}
    for name, value in stored.items():
        if name not in fields:
            raise unknown("setting", f"{called}{name}", [f"{called}{field}" for field in fields])
        field, among = fields[name], slot(kind, fields[name])
        if among is None:
            plain = tuple(value) if isinstance(value, list) else value
            values[field.name] = fitting(kind, field, plain, f"{called}{name}")
        elif isinstance(value, list) and _holds(field, "tuple"):
            values[field.name] = tuple(from_typed(part, among, name) for part in value)
        elif isinstance(value, Mapping) and _holds(field, "Mapping"):
            values[field.name] = {key: from_typed(part, among, key) for key, part in value.items()}
        else:
            values[field.name] = from_typed(value, among, name)
    return kind(**values)


def to_typed(component: Component, kind: Kind) -> dict[str, Any]:
    """Return the settings of a component, and which of its kind it is where there are others."""
    alone = list(kind.ours.values()) == [type(component)]
    return to_json(component) if alone else {TYPE: type_name(component, kind), **to_json(component)}


def from_typed(stored: Any, kind: Kind, called: str) -> Any:
    """Rebuild a component of a kind from `to_typed`'s values."""
    if not isinstance(stored, Mapping):
        raise GansmithError(f"{called} = {stored!r} must be settings by name")
    own = stored.get(TYPE, next(iter(kind.ours)) if len(kind.ours) == 1 else None)
    if not isinstance(own, str):
        raise GansmithError(f"{called} must say its {TYPE}: one of {', '.join(kind.ours)}")
    return from_json(find(own, kind), {name: value for name, value in stored.items() if name != TYPE}, f"{called}.")


def _holds(field: dataclasses.Field[Any], several: str) -> bool:
    """Tell whether a field holds several components, in a tuple or a Mapping, as its type says."""
    return several in str(field.type)
