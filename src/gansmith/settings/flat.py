"""The flat view of a composition: every setting by a short name, for command line, sweeps, forms and Python.

| name = value | meaning |
| --- | --- |
| every = 4 | a setting, wherever the composition has it |
| gradient_penalty.every = 4 | that of one component |
| gradient_penalty = 5 | a component of several by its first setting: put in where it is lacking, out by 0 or none |
| from = runs/one | a setting whose name Python keeps for itself: `from_="runs/one"` there |
| network = mlp | what stands in a place, by name or MODULE:ATTRIBUTE; what was set there stays |
| term = own_term:Smoothness | one of a user's own, beside those of ours |

A component may be the value too: r1 = R1(0.1, every=16), discriminator = Adam(4e-4), network = MLP(64).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gansmith.errors import GansmithError, unknown
from gansmith.otherwise import meant
from gansmith.settings.components import (
    Component,
    Place,
    Setting,
    bare,
    find,
    fitting,
    name_of,
    settings_of,
    slot,
    walk,
)

Read = Callable[[type, dataclasses.Field[Any], Any, str], Any]
"""Makes a value of what was given for a setting: its class and field, what was given, and what it is called."""
ALL = "gansmith train RECIPE --help-all lists them all"
OFF = (0, "", "none", None, False)


class View:
    """What each flat name of a composition means.

    Attributes:
        settings: where a name's settings stand.
        choices: the places whose component a name chooses.
        parts: the paths of the components that stand among several, by their own names.
        rows: the places of several.
        absent: the components of ours that could stand in a row and do not, and which row that is.
    """

    def __init__(self, composition: Component) -> None:
        found = list(walk(composition))
        places = [place for place in found if isinstance(place, Place)]
        self.settings: dict[str, list[Setting]] = {}
        self.choices: dict[str, list[Place]] = {}
        self.rows = [place for place in places if isinstance(place.value, tuple)]
        self.parts: dict[str, tuple[str, ...]] = {}
        self.single = {place.path[-1]: place.path for place in places if dataclasses.is_dataclass(place.value)}
        firsts = set()
        for place in places:
            if dataclasses.is_dataclass(place.value) and len(place.kind.ours) > 1:
                self._add(self.choices, place.path, place)
            elif isinstance(place.value, Mapping):
                self.parts |= {name: (*place.path, name) for name in place.value}
            elif isinstance(place.value, tuple):
                self.parts |= {name_of(part): (*place.path, name_of(part)) for part in place.value}
                firsts |= {id(part) for part in place.value if part and _first(part) is not None}
        for setting in (one for one in found if isinstance(one, Setting)):
            if id(setting.owner) in firsts and setting.field == _first(setting.owner):
                self.settings.setdefault(name_of(setting.owner), []).append(setting)
                self.settings.setdefault(".".join(setting.path[-2:]), []).append(setting)
            else:
                self._add(self.settings, setting.path, setting)
        self.absent = {
            name_of(kind): (row, kind)
            for row in self.rows
            for kind in row.kind.ours.values()
            if name_of(kind) not in self.parts
        }

    def _add(self, among: dict[str, Any], path: tuple[str, ...], one: Setting | Place) -> None:
        among.setdefault(bare(path[-1]), []).append(one)
        if len(path) > 1:
            among.setdefault(bare(".".join(path[-2:])), []).append(one)

    def field(self, name: str) -> tuple[type, dataclasses.Field[Any]] | None:
        """Return class and field of the setting that a name means, here or in a component that could be here."""
        if name in self.settings:
            return type(self.settings[name][0].owner), self.settings[name][0].field
        if name in self.absent and (first := _first(self.absent[name][1])):
            return self.absent[name][1], first
        return next(((kind, field) for kind, field, _ in self.lacking(name)), None)

    def lacking(self, name: str) -> Iterator[tuple[type, dataclasses.Field[Any], str]]:
        """Yield the settings of that name which components have that do not stand here, and how each is put in."""
        owner, _, own = name.rpartition(".")
        for other, (_, kind) in self.absent.items():
            if owner in ("", other) and (field := _field(kind, own)):
                yield kind, field, f"put {other} in"
        for choice, places in self.choices.items():
            for other, kind in places[0].kind.ours.items() if "." not in choice else ():
                if owner in ("", choice, other) and (field := _field(kind, own)):
                    yield kind, field, f"choose {choice} = {other}"


def change(composition: Any, changes: Mapping[str, Any], read: Read = fitting, strict: bool = True) -> Any:
    """Return a composition with some settings changed: first what stands where, then the settings of it.

    Args:
        changes: values by flat name.
        read: makes values of them.
        strict: refuse settings of components that are not there, unless they are their defaults.

    Raises:
        GansmithError: for a name that means nothing here, or a value that its setting does not take.
    """
    left, named = {bare(name): value for name, value in changes.items()}, set()
    view = View(composition)
    for name in list(left):
        before, value = composition, left[name]
        own = next((row for row in view.rows if row.kind.name == name), None)
        if own is not None:
            composition = _put(composition, own.path, (*own.value, *_components(left.pop(name), own)))
        elif _is_component(value) and (path := view.parts.get(name) or view.single.get(name)):
            composition = _put(composition, path, left.pop(name))
        elif name in view.choices:
            for place in view.choices[name]:
                composition = _put(composition, place.path, _chosen(composition, place, value))
            del left[name]
        elif name in view.absent and not _is_off(value):
            composition = _put_in(composition, *view.absent[name], left.pop(name), name, read)
        elif name in view.parts and _is_off(value) and view.parts[name][0] in {row.path[0] for row in view.rows}:
            named.add(name)
            del left[name]
        if composition is not before:
            view = View(composition)
    for name, value in left.items():  # which moves no component: the view of before tells where each stands
        composition = _set(composition, view, name, value, read, strict)
        named.add(name)
    for row in View(composition).rows:
        kept = tuple(part for part in row.value if name_of(part) not in named or not _stands_for_nothing(part, changes))
        composition = _put(composition, row.path, kept)
    return composition


def _set(composition: Any, view: View, name: str, value: Any, read: Read, strict: bool) -> Any:
    if name not in view.settings:
        if name in view.absent:  # out, and it has never been in
            return composition
        reasons = []
        for kind, field, reason in view.lacking(name):
            if not strict or read(kind, field, value, name) == field.default:
                return composition
            reasons.append(reason)
        if reasons:
            elsewhere = meant("setting", name, names(view))
            hint = f"; as other tools have it, {elsewhere}" if elsewhere else ""
            raise GansmithError(f"{name} is a setting of a component that is not there: {' or '.join(reasons)}{hint}")
        raise unknown("setting", name, names(view) if "." not in name else view.settings, ALL)
    for setting in view.settings[name]:
        new = read(type(setting.owner), setting.field, value, name)
        composition = _put(composition, setting.path, new)
    return composition


def names(view: View) -> list[str]:
    """Return every name that a user may give, without those that only tell two settings of one name apart."""
    known = {*view.settings, *view.choices, *view.absent, *(row.kind.name for row in view.rows)}
    return sorted(name for name in known if "." not in name or name.rpartition(".")[2] not in view.settings)


def _first(component: Component | type) -> dataclasses.Field[Any] | None:
    """Return the first field of a component if it is a plain setting."""
    fields = settings_of(component)
    return fields[0] if fields and slot(component, fields[0]) is None else None


def _field(kind: type, name: str) -> dataclasses.Field[Any] | None:
    return next((field for field in settings_of(kind) if field.name == name and slot(kind, field) is None), None)


def _is_component(value: Any) -> bool:
    return dataclasses.is_dataclass(value) and not isinstance(value, type)


def _is_off(value: Any) -> bool:
    word = value[0] if isinstance(value, list) and len(value) == 1 else value
    return not _is_component(word) and (word in OFF or word in ("0", "0.0", "None"))


def _stands_for_nothing(part: Component, changes: Mapping[str, Any]) -> bool:
    name, first = name_of(part), _first(part)
    return (name in changes and _is_off(changes[name])) or (first is not None and getattr(part, first.name) in OFF)


def _components(value: Any, row: Place) -> list[Component]:
    """Return components of a row's kind, given as they are, as classes or by name."""
    found = []
    for one in value if isinstance(value, list | tuple) else [value]:
        made = find(one, row.kind) if isinstance(one, str) else one
        found.append(made() if isinstance(made, type) else made)
    return found


def _chosen(composition: Any, place: Place, value: Any) -> Component:
    """Return the component that shall stand in a place, with what others of its kind there have set, not left alone."""
    if _is_component(value):
        return value
    word = value if isinstance(value, str) else " ".join(value) if isinstance(value, list) else repr(value)
    kind = find(word, place.kind)
    others = [other.value for other in walk(composition) if isinstance(other, Place) and other.kind is place.kind]
    stay: dict[str, Any] = {}
    for field in settings_of(kind):
        if slot(kind, field) is place.kind:  # it plays with what stood there
            stay[field.name] = getattr(place.value, field.name, place.value)
            continue
        holder = next((one for one in [place.value, *others] if hasattr(one, field.name)), None)
        if holder and getattr(holder, field.name) != getattr(type(holder), field.name, dataclasses.MISSING):
            stay[field.name] = getattr(holder, field.name)
    return kind(**stay)


def _put_in(composition: Any, row: Place, kind: type, value: Any, name: str, read: Read) -> Any:
    """Put a component where its table has it: the order in which terms draw and are summed must not depend on flags."""
    first = settings_of(kind)[0]
    new = value if _is_component(value) else kind(**{first.name: read(kind, first, value, name)})
    order = list(row.kind.ours.values())
    rank = {id(p): order.index(type(p)) if type(p) in order else len(order) for p in (*row.value, new)}
    return _put(composition, row.path, tuple(sorted((*row.value, new), key=lambda part: rank[id(part)])))


def _put(component: Any, path: tuple[str, ...], value: Any) -> Any:
    """Return a component with another value at a path."""
    if not path:
        return value
    key, *rest = path
    old = getattr(component, key)
    if rest and isinstance(old, Mapping):
        new: Any = {**old, rest[0]: _put(old[rest[0]], tuple(rest[1:]), value)}
    elif rest and isinstance(old, tuple):
        new = tuple(_put(part, tuple(rest[1:]), value) if name_of(part) == rest[0] else part for part in old)
    else:
        new = _put(old, tuple(rest), value)
    return dataclasses.replace(component, **{key: new})
