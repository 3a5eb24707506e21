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
from gansmith.settings.components import Place, Setting, helps, hints, marks, name_of, settings_of
from gansmith.settings.values import wanted

MATTER = ("data", "steps", "batch", "seed", "lr", "network", "latent", "image_size", "device", "evaluate_every")
"""The settings that most runs change."""
NAME = 30  # columns of a flag


def verb_help(kind: type, verb: str) -> str:
    """Return the help of a verb without a recipe."""
    from gansmith.cli.arguments import POSITIONAL

    fields = settings_of(kind)
    places = [field for field in fields if marks(kind)[field.name] == POSITIONAL]
    words = " ".join(f.name.upper() if f.default is dataclasses.MISSING else f"[{f.name.upper()}]" for f in places)
    flags = [field for field in fields if field not in places]
    lines = [
        f"gansmith {verb} {words} {'[flags]' if flags else ''}".rstrip(),
        "",
        inspect.cleandoc(kind.__doc__ or ""),
        "",
    ]
    lines += [_line(f.name.upper(), helps(kind).get(f.name, "")) for f in places]
    return "\n".join([*lines, *_own(kind, flags)])


def recipe_help(kind: type, verb: str, recipe: Recipe, everything: bool) -> str:
    """Return the help of a verb with a recipe: one screen, or everything."""
    from gansmith.recipes import RECIPES

    about = inspect.cleandoc(RECIPES[recipe.name].__doc__ or "")
    lines = [f"gansmith {verb} {recipe.name} [flags]", "", about if everything else about.splitlines()[0]]
    lines += ["", inspect.cleandoc(kind.__doc__ or "").splitlines()[0], *_own(kind, settings_of(kind))]
    view = View(recipe)
    if everything:
        return "\n".join([*lines, *_all(recipe, view)])
    sets = dict(_sets(recipe, view))
    matter = {name: line for name, line in _spelled(view).items() if name in MATTER and name not in sets}
    matter |= {name: _choice(name, view.choices[name]) for name in MATTER if name in view.choices and name not in sets}
    return "\n".join(
        [
            *lines,
            "",
            f"What {recipe.name} sets, and its value:",
            *sets.values(),
            "",
            "What matters most besides:",
            *(matter[name] for name in MATTER if name in matter),
            "",
            f"All other settings: --help-all. The whole composition: gansmith recipes {recipe.name}",
        ]
    )


def _own(kind: type, fields: Sequence[dataclasses.Field[Any]]) -> list[str]:
    return [_line(_flag(f.name), f"{helps(kind).get(f.name, '')} {_now(f.default)}") for f in fields]


def _sets(recipe: Recipe, view: View) -> Iterator[tuple[str, str]]:
    """Yield what differs from the defaults of components, and components that are not the usual ones."""
    usual = View(Recipe())
    for name, places in view.choices.items():
        if "." not in name and type(places[0].value) is not type(usual.choices.get(name, places)[0].value):
            yield name, _choice(name, places)
    for name, line in _spelled(view).items():
        settings = view.settings[name]
        first = name == name_of(settings[0].owner) and name not in usual.parts
        if first or any(one.value != one.field.default for one in settings):
            yield name, line


def _spelled(view: View) -> dict[str, str]:
    """Return a line for every setting, once, by the shortest name that means it and no other of another value."""
    lines: dict[str, str] = {}
    spelled: set[tuple[str, ...]] = set()
    for name, settings in view.settings.items():
        if "." in name or len({str(one.value) for one in settings}) > 1:
            continue
        if len(settings) > 1 or not _in_row(view, settings[0]) or name == name_of(settings[0].owner):
            lines[name] = _setting(name, settings)
            spelled |= {one.path for one in settings}
    for name, settings in view.settings.items():
        if "." in name and settings[0].path not in spelled:
            lines[name] = _setting(name, settings)
            spelled.add(settings[0].path)
    return lines


def _in_row(view: View, setting: Setting) -> bool:
    return any(setting.path[: len(row.path)] == row.path for row in view.rows)


def _all(recipe: Recipe, view: View) -> Iterator[str]:
    """Yield everything, component by component, then what could stand there too."""
    last: tuple[str, ...] = ()
    by_path = {view.settings[name][0].path: (name, line) for name, line in _spelled(view).items()}
    for path, (_, line) in sorted(by_path.items(), key=lambda item: _order(recipe, item[0])):
        owner = view.settings[by_path[path][0]][0].owner
        if path[:-1] != last:
            last = path[:-1]
            yield ""
            yield textwrap.shorten(f"{'.'.join(last)}: {(inspect.getdoc(owner) or '').splitlines()[0]}", _width())
        yield line
    yield ""
    yield "What stands in a place, by name or MODULE:ATTRIBUTE; settings of the same name stay:"
    yield from (_choice(name, places) for name, places in view.choices.items() if "." not in name)
    yield ""
    yield "What can be put in, by the first setting of it:"
    for name, (_, kind) in view.absent.items():
        first = settings_of(kind)[0]
        about = (inspect.getdoc(kind) or "").splitlines()[0]
        yield _line(_flag(name), f"{about} {_now(first.default)}")
    yield from (_line(_flag(row.kind.name), f"MODULE:ATTRIBUTE, a {row.kind.name} of your own") for row in view.rows)


def _order(recipe: Recipe, path: tuple[str, ...]) -> int:
    return [field.name for field in settings_of(recipe)].index(path[0])


def _setting(name: str, settings: Sequence[Setting]) -> str:
    one = settings[0]
    kind = type(one.owner)
    takes = "" if hints(kind)[one.field.name] is bool else f" ({wanted(hints(kind)[one.field.name])})"
    changed = "" if one.value == one.field.default else "*"
    return _line(_flag(name), f"{helps(kind).get(one.field.name, '')}{takes} {_now(one.value)}{changed}")


def _choice(name: str, places: Sequence[Place]) -> str:
    known = places[0].kind.ours
    now = next(
        (other for other, kind in known.items() if kind is type(places[0].value)), type(places[0].value).__name__
    )
    return _line(_flag(name), f"{places[0].kind.name}: one of {', '.join(known)} {_now(now)}")


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _now(value: Any) -> str:
    shown = " ".join(map(str, value)) if isinstance(value, tuple) else value
    return "" if value is dataclasses.MISSING else f"[{shown}]"


def _line(flag: str, about: str) -> str:
    left = f"  {flag:{NAME - 3}} "
    return textwrap.fill(" ".join(about.split()), _width(), initial_indent=left, subsequent_indent=" " * NAME)


def _width() -> int:
    return min(120, shutil.get_terminal_size().columns)
