"""Reading a command line: words become settings, every mistake is told in one line."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, get_args, get_origin

from gansmith.errors import GansmithError, unknown
from gansmith.settings.components import bare, fitting, hints, marks, settings_of
from gansmith.settings.ranges import POSITIONAL
from gansmith.settings.values import from_words, options

if TYPE_CHECKING:
    from gansmith.recipes.composition import Recipe

Parsed = TypeVar("Parsed")
Words = list[str]
HELP = ("-h", "--help")
HELP_ALL = "--help-all"


def parse(kind: type[Parsed], verb: str, arguments: Sequence[str]) -> Parsed:
    """Return the dataclass that the arguments of a verb describe, or raise a `GansmithError` of one line.

    Args:
        kind: its fields become flags; those marked as `POSITIONAL` need none.
        verb: what stands before the arguments.
    """
    if wants_help(arguments):
        from gansmith.cli.help import verb_help

        print(verb_help(kind, verb))
        raise SystemExit(0)
    fields = _fields(kind)
    loose, flags = _split(arguments, lambda name: _most(kind, name, fields))
    return _build(kind, verb, loose, flags)


def parse_some(kind: type[Parsed], verb: str, arguments: Sequence[str]) -> tuple[Parsed, dict[str, Any]]:
    """Return the dataclass, and the words of all other flags by name: settings of a recipe that a run's folder knows.

    Args:
        kind: the verb's own fields.
        verb: what stands before the arguments.
    """
    if wants_help(arguments):
        return parse(kind, verb, arguments), {}
    fields = _fields(kind)
    own = {*fields, *(f"no_{name}" for name in fields)}
    loose, flags = _split(arguments, lambda name: _most(kind, name, fields) if name in own else None)
    mine = _build(kind, verb, loose, {name: words for name, words in flags.items() if name in own})
    return mine, _without_negations({name: words for name, words in flags.items() if name not in own}, own)


def parse_recipe(
    kind: type[Parsed], verb: str, arguments: Sequence[str], changes: Mapping[str, Any] | None = None
) -> tuple[Parsed, Recipe]:
    """Return the dataclass and the recipe that the arguments of `gansmith VERB RECIPE …` describe.

    Args:
        kind: the verb's own fields; all other flags are the recipe's, see `gansmith.settings.flat`.
        verb: what stands before the arguments.
        changes: settings of the recipe that have other defaults with this verb.
    """
    from gansmith.recipes import RECIPES, named
    from gansmith.recipes.composition import change

    if not arguments or arguments[0].startswith("-"):
        if wants_help(arguments):
            print(f"gansmith {verb} RECIPE [settings]: RECIPE is one of {', '.join(RECIPES)}.")
            print(f"gansmith {verb} RECIPE --help tells what it sets, and what matters most.")
            raise SystemExit(0)
        raise GansmithError(f"which recipe? gansmith {verb} RECIPE, one of: {', '.join(RECIPES)}")
    name, *rest = arguments
    recipe = change(named(name), changes or {})
    if wants_help(rest):
        from gansmith.cli.help import recipe_help

        print(recipe_help(kind, verb, recipe, everything=HELP_ALL in rest))
        raise SystemExit(0)
    loose, flags = _split(rest, lambda _: None)
    own = set(_fields(kind))
    mine = _build(kind, f"{verb} {name}", loose, {k: v for k, v in flags.items() if k in own})
    try:
        return mine, change(recipe, _without_negations(flags, own), read_setting)
    except GansmithError as error:
        _check_own(flags, own)
        raise _see(str(error), f"{verb} {name}") if str(error).startswith("--") else error from None


def wants_help(arguments: Sequence[str]) -> bool:
    """Tell whether somebody asks for help."""
    return any(word.partition("=")[0] in (*HELP, HELP_ALL) for word in arguments)


def read_setting(kind: type, field: dataclasses.Field[Any], given: Any, name: str) -> Any:
    """Return the value that words, or a value, stand for in a setting."""
    if isinstance(given, list) and all(isinstance(word, str) for word in given):
        given = from_words(_flag(name), hints(kind)[field.name], given)
    return fitting(kind, field, given, name)


def _split(arguments: Sequence[str], most: Callable[[str], int | None]) -> tuple[Words, dict[str, Words]]:
    """Return the words that stand alone, and those of every flag, as many as `most` says, or all (None)."""
    words = list(arguments)
    loose: Words = []
    flags: dict[str, Words] = {}
    while words:
        word = words.pop(0)
        if not word.startswith("--"):
            loose.append(word)
            continue
        flag, equals, value = word[2:].partition("=")
        name = flag.replace("-", "_")
        limit = most(name)
        values: Words = [value] if equals else []
        while words and not words[0].startswith("--") and (limit is None or len(values) < max(limit, 1)):
            if values == ["None"] or (limit == 0 and words[0] not in ("True", "False")):
                break
            values.append(words.pop(0))
        repeated = name in ("term", "augmentation", "callback")
        flags[name] = [*flags.get(name, []), *values] if repeated else values
    return loose, flags


def _check_own(flags: Mapping[str, Words], own: set[str]) -> None:
    """Tell which flag of the verb's own is meant by one that is nearly spelt like it."""
    known = {*own, HELP[1].strip("-"), HELP_ALL.strip("-").replace("-", "_")}
    for name in set(flags) - own:
        if difflib.get_close_matches(name, known, n=1, cutoff=0.75):
            raise unknown("flag", _flag(name), map(_flag, known))


def _fields(kind: type) -> dict[str, dataclasses.Field[Any]]:
    """Return the fields of a verb by the names of their flags: `from_` is --from."""
    return {bare(field.name): field for field in settings_of(kind)}


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _most(kind: type, name: str, fields: Mapping[str, Any]) -> int:
    """Return how many words a flag of a verb takes at most."""
    plain = name.removeprefix("no_") if name not in fields else name
    if plain not in fields:
        raise unknown("flag", _flag(name), map(_flag, (*fields, "help")))
    if plain != name:
        return 0
    counts = [_count(option) for option in options(hints(kind)[fields[name].name])]
    return max(counts)


def _count(option: Any) -> int:
    if option is bool:
        return 0
    if get_origin(option) is tuple:
        return 10**6 if ... in get_args(option) else len(get_args(option))
    return 1


def _without_negations(flags: Mapping[str, Words], own: set[str]) -> dict[str, Any]:
    """Return the flags of a recipe, --no-compile being --compile False."""
    given: dict[str, Any] = {}
    for name, words in flags.items():
        if name.startswith("no_"):
            given[name.removeprefix("no_")] = _negated(words)
        elif name not in own:
            given[name] = words
    return given


def _negated(words: Words) -> Words:
    if words:
        raise GansmithError(f"{words[0]}: no such argument")
    return ["False"]


def _build(kind: type[Parsed], verb: str, loose: Words, flags: Mapping[str, Words]) -> Parsed:
    """Return the dataclass of a verb's own fields."""
    fields = _fields(kind)
    places = [name for name in fields if marks(kind)[fields[name].name] == POSITIONAL]
    types: dict[str, Any] = hints(kind)
    values: dict[str, Any] = {}
    try:
        for name in places:
            own, many = fields[name].name, get_origin(types[fields[name].name]) is tuple
            given, loose = (loose, []) if many else (loose[:1], loose[1:])
            if given:
                values[own] = from_words(name.upper(), types[own], given)
            elif fields[name].default is dataclasses.MISSING:
                raise GansmithError(f"{name.upper()} is missing")
        if loose:
            raise _loose(loose[0])
        for name, words in flags.items():
            plain = name if name in fields else name.removeprefix("no_")
            said = words if plain == name else _negated(words)
            values[fields[plain].name] = read_setting(kind, fields[plain], said, plain)
    except GansmithError as error:
        raise _see(str(error), verb) from None
    return kind(**values)


def _loose(word: str) -> GansmithError:
    """Return the error for a word that stands alone; elsewhere settings are written -name VALUE or name=VALUE."""
    name, equals, value = word.lstrip("-").partition("=")
    is_setting = equals or (word.startswith("-") and len(name) > 1)
    return GansmithError(f"{word}: no such argument{f'; write --{name} {value}'.rstrip() if is_setting else ''}")


def _see(mistake: str, verb: str) -> GansmithError:
    return GansmithError(f"{mistake} (see gansmith {verb} --help)")


__all__ = ["POSITIONAL", "Annotated", "Literal", "parse", "parse_recipe", "parse_some", "read_setting", "wants_help"]
