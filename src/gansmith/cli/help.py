"""Help, made of the settings: what a recipe sets first, then what matters most, and everything on request."""

from __future__ import annotations

import dataclasses
import inspect
import shutil
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from gansmith.recipes.composition import Recipe
from gansmith.settings import View
from gansmith.settings.components import Place, Setting, helps, hints, marks, name_of, settings_of, type_name, walk
from gansmith.settings.ranges import POSITIONAL
from gansmith.settings.values import wanted

MATTER = ("data", "steps", "batch", "seed", "lr", "network", "latent", "image_size", "device", "evaluate_every")
"""The settings that most runs change."""
NAME = 30  # columns of a flag


def verb_help(kind: type, verb: str) -> str:
    """Return the help of a verb without a recipe."""
    fields = settings_of(kind)
    places = [field for field in fields if marks(kind)[field.name] == POSITIONAL]
    words = [f.name.upper() if f.default is dataclasses.MISSING else f"[{f.name.upper()}]" for f in places]
    flags = [field for field in fields if field not in places]
    usage = " ".join(["gansmith", verb, *words, *(["[flags]"] if flags else [])])
    lines = [usage, "", inspect.cleandoc(kind.__doc__ or ""), ""]
    lines += [_wrapped(f.name.upper(), helps(kind).get(f.name, "")) for f in places]
    return "\n".join([*lines, *_own(kind, flags)]).rstrip()


def recipe_help(kind: type, verb: str, recipe: Recipe, everything: bool) -> str:
    """Return the help of a verb with a recipe: one screen, or everything."""
    from gansmith.recipes import RECIPES

    view = View(recipe)
    own = f"{recipe.name}, a recipe of your own"
    about = inspect.cleandoc(getattr(RECIPES.get(recipe.name), "__doc__", None) or own)
    lines = [f"gansmith {verb} {recipe.name} [flags]", "", about if everything else about.splitlines()[0], ""]
    lines += [inspect.cleandoc(kind.__doc__ or "").splitlines()[0], *_own(kind, settings_of(kind))]
    if everything:
        return "\n".join([*lines, *_all(recipe, view)])
    sets, spelled = list(_sets(view)), _spelled(view)
    lines += ["", f"What {recipe.name} sets:", *(_short(view, name, spelled) for name in sets)]
    lines += ["", "What matters most besides:"]
    lines += [_short(view, n, spelled) for n in MATTER if n not in sets and (n in spelled or n in view.choices)]
    others = f"All other settings: --help-all. The whole composition: gansmith recipes {recipe.name}"
    return "\n".join([*lines, "", others])


def _own(kind: type, fields: Sequence[dataclasses.Field[Any]]) -> list[str]:
    return [_wrapped(_flag(f.name), f"{helps(kind).get(f.name, '')} {_now(f.default)}") for f in fields]


def _sets(view: View) -> Iterator[str]:
    """Yield the names of what differs from components' defaults, and of components that are not the usual ones."""
    usual = View(Recipe())
    for name, places in view.choices.items():
        if "." not in name and type(places[0].value) is not type(usual.choices.get(name, places)[0].value):
            yield name
    for name, settings in _spelled(view).items():
        put_in = _in_row(view, settings[0]) and name == name_of(settings[0].owner) and name not in usual.parts
        if put_in or any(one.value != one.field.default for one in settings):
            yield name


def _spelled(view: View) -> dict[str, list[Setting]]:
    """Return every setting once, by the shortest name that means it and no other of another value."""
    found: dict[str, list[Setting]] = {}
    seen: set[tuple[str, ...]] = set()
    for name, settings in view.settings.items():
        alone = len(settings) > 1 or not _in_row(view, settings[0]) or name == name_of(settings[0].owner)
        if "." not in name and alone and len({str(one.value) for one in settings}) == 1:
            found[name] = settings
            seen |= {one.path for one in settings}
    for name, settings in view.settings.items():
        if "." in name and settings[0].path not in seen:
            found[name] = settings
            seen.add(settings[0].path)
    return found


def _in_row(view: View, setting: Setting) -> bool:
    return any(setting.path[: len(row.path)] == row.path for row in view.rows)


def _short(view: View, name: str, spelled: dict[str, list[Setting]]) -> str:
    """Return a line of a setting or a choice: its value and the beginning of its help."""
    if name in spelled:
        one = spelled[name][0]
        about, value = helps(type(one.owner)).get(one.field.name, ""), _text(one.value)
    else:
        place = view.choices[name][0]
        about, value = f"one of {', '.join(place.kind.ours)}", type_name(place.value, place.kind)
    left = f"  {_flag(name)} {value}"
    left = f"{left:{NAME - 2}}  "
    return left + textwrap.shorten(about, max(20, _width() - len(left)), placeholder=" …")


def _all(recipe: Recipe, view: View) -> Iterator[str]:
    """Yield everything, component by component, then what could stand there too."""
    order = {one.path: i for i, one in enumerate(walk(recipe))}
    last: tuple[str, ...] = ()
    for name, settings in sorted(_spelled(view).items(), key=lambda item: order[item[1][0].path]):
        one = settings[0]
        if one.path[:-1] != last:
            last = one.path[:-1]
            about = (inspect.getdoc(one.owner) or "").splitlines()[0]
            yield ""
            yield textwrap.shorten(f"{'.'.join(last)}: {about}", _width(), placeholder=" …")
        yield _long(name, one)
    yield from ("", "What stands in a place, by name or MODULE:ATTRIBUTE; settings of the same name stay:")
    yield from (_choice(name, places) for name, places in view.choices.items() if "." not in name)
    yield from ("", "What can be put in, by the first setting of it:")
    for name, (_, kind) in view.absent.items():
        first, about = settings_of(kind)[0], (inspect.getdoc(kind) or "").splitlines()[0]
        yield _wrapped(_flag(name), f"{about} {_now(first.default)}")
    yield from (_wrapped(_flag(row.kind.name), f"MODULE:ATTRIBUTE, {row.kind.name} of your own") for row in view.rows)


def _long(name: str, one: Setting) -> str:
    kind = type(one.owner)
    hint = hints(kind)[one.field.name]
    takes = "" if hint is bool else f" ({wanted(hint)})"
    changed = "" if one.value == one.field.default else "*"
    return _wrapped(_flag(name), f"{helps(kind).get(one.field.name, '')}{takes} {_now(one.value)}{changed}")


def _choice(name: str, places: Sequence[Place]) -> str:
    kind = places[0].kind
    return _wrapped(_flag(name), f"{kind.name}: one of {', '.join(kind.ours)} [{type_name(places[0].value, kind)}]")


def _flag(name: str) -> str:
    return f"--{name.rstrip('_').replace('_', '-')}"


def _text(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _now(value: Any) -> str:
    return "" if value is dataclasses.MISSING else f"[{_text(value)}]"


def _wrapped(flag: str, about: str) -> str:
    left = f"  {flag:{NAME - 3}} "
    return textwrap.fill(" ".join(about.split()), _width(), initial_indent=left, subsequent_indent=" " * NAME)


def _width() -> int:
    return min(120, shutil.get_terminal_size().columns)
