"""A component is its settings: a frozen dataclass whose fields say their type, range and help."""

from __future__ import annotations

import ast
import dataclasses
import functools
import inspect
import re
import textwrap
import typing
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from gansmith.errors import GansmithError, unknown
from gansmith.settings.foreign import imported
from gansmith.settings.ranges import Range, Words
from gansmith.settings.values import checked

Component = Any
"""A frozen dataclass of settings."""
PLAIN: Mapping[str, Any] = {"setting": False}
"""Metadata of a field that is no setting."""


@dataclasses.dataclass(frozen=True)
class Kind:
    """Components that may stand for each other.

    Attributes:
        name: what they are.
        member: what each of them has, a user's own too.
        ours: those of gansmith by name, in the order in which they stand where there are several.
    """

    name: str
    member: str
    ours: dict[str, type] = dataclasses.field(default_factory=dict, compare=False)

    def fits(self, kind: Any) -> bool:
        """Tell whether a class is of this kind: a dataclass of its settings, with the member."""
        is_component = isinstance(kind, type) and dataclasses.is_dataclass(kind)
        return is_component and any(self.member in {*vars(base), *_annotated(base)} for base in kind.__mro__)


class Setting(NamedTuple):
    """A plain value in a composition: where it stands, and whose field it is."""

    path: tuple[str, ...]
    owner: Component
    field: dataclasses.Field[Any]

    @property
    def value(self) -> Any:
        return getattr(self.owner, self.field.name)


class Place(NamedTuple):
    """Where components of a kind stand: one, a tuple of several, or a mapping of them by name."""

    path: tuple[str, ...]
    value: Any
    kind: Kind


def _annotated(kind: type) -> Mapping[str, Any]:
    return vars(kind).get("__annotations__", {})  # type: ignore[no-any-return]


def name_of(component: Component) -> str:
    """Return what a component is called: its class's name, or a `name` of its own.

    >>> class GradientPenalty: ...
    >>> name_of(GradientPenalty)
    'gradient_penalty'
    """
    kind = component if isinstance(component, type) else type(component)
    own = getattr(component, "name", None)
    return own if isinstance(own, str) else re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind.__name__).lower()


def bare(name: str) -> str:
    """Return a name without the underscore that tells it from a word of Python's own.

    >>> bare("from_")
    'from'
    """
    return name.rstrip("_")


def settings_of(component: Component) -> list[dataclasses.Field[Any]]:
    """Return the fields of a component that are settings or places."""
    return [field for field in dataclasses.fields(component) if field.metadata.get("setting", True)]


def hints(kind: Any) -> dict[str, Any]:
    """Return the types of a component's fields, without their ranges."""
    return {name: hint for name, (hint, _) in _typed(kind).items()}


def marks(kind: Any) -> dict[str, Any]:
    """Return what else the types say: a range, or the `Kind` of component that stands there."""
    return {name: mark for name, (_, mark) in _typed(kind).items()}


@functools.cache
def _typed(kind: Any) -> dict[str, tuple[Any, Any]]:
    """Return type and mark of every field; what else a class annotates may name what only type checkers import."""
    fields = {field.name for field in dataclasses.fields(kind)}
    found: dict[str, tuple[Any, Any]] = {}
    for base in reversed(kind.__mro__):
        own = {name: hint for name, hint in vars(base).get("__annotations__", {}).items() if name in fields}
        bare = type(base.__name__, (), {"__annotations__": own, "__module__": base.__module__})
        try:
            full = typing.get_type_hints(bare, include_extras=True)
        except NameError as error:
            raise GansmithError(f"a type of {base.__name__}'s settings cannot be read ({error}): import it") from error
        found |= {name: (hint, _mark(full[name])) for name, hint in typing.get_type_hints(bare).items()}
    return found


def _mark(hint: Any) -> Any:
    """Return the first mark of a type, or of a part of a union."""
    own = getattr(hint, "__metadata__", None)
    return own[0] if own else next(filter(None, map(_mark, typing.get_args(hint))), None)


def helps(kind: Any) -> dict[str, str]:
    """Return the text below each field, which editors show too, or what a field that is made has as its help."""
    made = {field.name: field.metadata["help"] for field in dataclasses.fields(kind) if "help" in field.metadata}
    return {name: text for base in reversed(kind.__mro__[:-1]) for name, text in _texts(base).items()} | made


@functools.cache
def _texts(kind: Any) -> dict[str, str]:
    try:
        (body,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    except (OSError, SyntaxError, TypeError):  # typed into a console
        return {}
    assert isinstance(body, ast.ClassDef)
    return {
        field.target.id: " ".join(below.value.value.split())
        for field, below in zip(body.body, body.body[1:], strict=False)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) and isinstance(below.value.value, str)
    }


def slot(component: Component, field: dataclasses.Field[Any]) -> Kind | None:
    """Return the kind of component that a field holds; None where it is a plain setting."""
    mark = marks(component if isinstance(component, type) else type(component))[field.name]
    return mark if isinstance(mark, Kind) else None


def children(field: dataclasses.Field[Any], value: Any) -> Iterator[tuple[str, Component]]:
    """Yield the components in a place by name: their own, or the place's where one stands alone."""
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, tuple):
        yield from ((name_of(part), part) for part in value)
    elif value is not None:
        yield field.name, value


def walk(component: Component, path: tuple[str, ...] = ()) -> Iterator[Setting | Place]:
    """Yield every setting of a composition, and every place where components stand."""
    for field in settings_of(component):
        here, value, kind = (*path, field.name), getattr(component, field.name), slot(component, field)
        if kind is None:
            yield Setting(here, component, field)
            continue
        yield Place(here, value, kind)
        for name, child in children(field, value):
            yield from walk(child, here if child is value else (*here, name))


def fitting(kind: type, field: dataclasses.Field[Any], value: Any, called: str) -> Any:
    """Return a value in a setting's own type and range, or say in one line what it takes."""
    value = checked(called, hints(kind)[field.name], value)
    limits = marks(kind)[field.name]
    if isinstance(limits, Range | Words) and value is not None and value not in limits:
        raise GansmithError(f"{called} = {value:g} must be {limits}" if isinstance(value, int | float)
                            else f"{called} = {value} must be {limits}")  # fmt: skip
    return value


def check(component: Component, called: str = "") -> None:
    """Hold every setting of a composition to its type and range, and every component to what it says of itself."""
    for field in settings_of(component):
        value, kind = getattr(component, field.name), slot(component, field)
        if kind is None:
            fitting(type(component), field, value, f"{called}{field.name}")
            continue
        for name, child in children(field, value):
            _check_kind(child, kind, name)
            check(child, f"{name}." if isinstance(value, tuple | Mapping) else "")
    own = getattr(component, "check", None)
    if callable(own):
        own()


def _check_kind(component: Component, kind: Kind, called: str) -> None:
    if not kind.fits(type(component)):
        raise GansmithError(
            f"{called} = {component!r} is no {kind.name}: give a frozen dataclass of its settings, with `{kind.member}`"
        )


def find(name: str, kind: Kind) -> type:
    """Return the class of a kind that a name of ours or MODULE:ATTRIBUTE means; the latter is imported."""
    for ours in (name, name.replace("_", "-"), name.replace("-", "_")):
        if ours in kind.ours:
            return kind.ours[ours]
    if ":" not in name:
        raise unknown(kind.name, name, kind.ours)
    found: type = imported(name, kind.name)
    if not kind.fits(found):
        raise GansmithError(f"{kind.name} {name}: must be a frozen dataclass of its settings, with `{kind.member}`")
    return found


def type_name(component: Component, kind: Kind) -> str:
    """Return the name by which `find` finds a component's class."""
    mine = type(component)
    return next((name for name, ours in kind.ours.items() if ours is mine), f"{mine.__module__}:{mine.__qualname__}")


def leaves(composition: Component) -> dict[str, Any]:
    """Return every setting of a composition by its full path, and what stands in every place."""
    found: dict[str, Any] = {}
    for one in walk(composition):
        path = ".".join(one.path)
        if isinstance(one, Setting):
            found[path] = one.value
        elif dataclasses.is_dataclass(one.value):
            found[path] = type_name(one.value, one.kind) if len(one.kind.ours) > 1 else ""
        elif isinstance(one.value, tuple | Mapping):
            found[path] = "" if one.value else "none"
            names = one.value if isinstance(one.value, Mapping) else map(name_of, one.value)
            found |= {f"{path}.{name}": "" for name in names}
    return found
