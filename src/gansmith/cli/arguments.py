"""Reading a command line with tyro, with every mistake told in one line."""

from __future__ import annotations

import contextlib
import dataclasses
import inspect
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Annotated, Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

import tyro

from gansmith.config import change
from gansmith.errors import GansmithError, unknown
from gansmith.values import options, wanted

Parsed = TypeVar("Parsed")


def parse(
    kind: type[Parsed], verb: str, arguments: Sequence[str], default: Parsed | None = None, about: str | None = None
) -> Parsed:
    """Return the dataclass that the arguments describe, or raise a `GansmithError` of one line.

    Args:
        kind: its fields become flags, those of dataclasses inside it too; `tyro.conf.Positional` ones need no flag.
        verb: what stands before the arguments.
        default: where the fields' defaults come from, if not from `kind`.
        about: the first words of the help, if not the docstring of `kind`.
    """
    hints = dict(_hints(kind))
    _check_names(arguments, hints)

    def read() -> Parsed:
        start = {} if default is None else {"default": default}
        result = tyro.cli(
            kind, prog=f"gansmith {verb}", args=arguments, description=about, config=_CONFIG, **cast(Any, start)
        )
        return cast(Parsed, result)

    if any(word in ("-h", "--help") for word in arguments):
        return read()
    words = io.StringIO()
    try:
        with contextlib.redirect_stderr(words), contextlib.redirect_stdout(words):
            return read()
    except SystemExit:
        mistake = _mistake(hints, arguments) or _squeeze(words.getvalue())
        raise GansmithError(f"{mistake} (see gansmith {verb} --help)") from None


def parse_recipe(
    kind: Callable[..., Parsed], verb: str, arguments: Sequence[str], changes: dict[str, Any] | None = None
) -> Parsed:
    """Return the dataclass, whose first field is a recipe, that the arguments of `gansmith VERB RECIPE …` describe.

    Args:
        kind: the dataclass.
        verb: what stands before the arguments.
        changes: fields of the recipe that have other defaults with this verb.
    """
    from gansmith.recipes import RECIPES

    if not arguments or arguments[0].startswith("-"):
        if arguments and arguments[0] in ("-h", "--help"):
            print(f"gansmith {verb} RECIPE [fields]: RECIPE is one of {', '.join(RECIPES)}.")
            print(f"gansmith {verb} RECIPE --help lists the fields and their values in that recipe.")
            raise SystemExit(0)
        raise GansmithError(f"which recipe? gansmith {verb} RECIPE, one of: {', '.join(RECIPES)}")
    name, *rest = arguments
    if name not in RECIPES:
        raise unknown("recipe", name, RECIPES)
    about = f"{inspect.cleandoc(RECIPES[name].__doc__ or '')}\n\n{inspect.cleandoc(kind.__doc__ or '')}"
    start = kind(change(RECIPES[name](), changes or {}))
    return parse(cast(type[Parsed], kind), f"{verb} {name}", rest, default=start, about=about)


_CONFIG = (tyro.conf.OmitArgPrefixes, tyro.conf.FlagConversionOff)


def _hints(kind: Any) -> Iterator[tuple[str, Any]]:
    """Yield the types of the fields by name, `Annotated` where they are positional."""
    for name, hint in get_type_hints(kind, include_extras=True).items():
        inner = get_args(hint)[0] if get_origin(hint) is Annotated else hint
        if dataclasses.is_dataclass(inner):
            # deeper in, Annotated marks what stays off the command line
            yield from ((n, h) for n, h in _hints(inner) if get_origin(h) is not Annotated)
        else:
            yield name, hint


def _check_names(arguments: Sequence[str], known: Iterable[str]) -> None:
    flags = [name.replace("_", "-") for name in known]
    for word in arguments:
        if word.startswith("--"):
            name = word[2:].partition("=")[0].replace("_", "-")
            if name not in (*flags, "help"):
                raise unknown("field", name, flags)


def _mistake(hints: dict[str, Any], arguments: Sequence[str]) -> str | None:
    """Return what is wrong with the first wrong argument, told from the fields' types; None if all look right."""
    positional = {name: get_args(hint)[0] for name, hint in hints.items() if get_origin(hint) is Annotated}
    required = [name for name, hint in positional.items() if type(None) not in options(hint)]
    words = [part for word in arguments for part in (word.split("=", 1) if word.startswith("--") else [word])]
    loose = []
    while words:
        word = words.pop(0)
        if not word.startswith("--"):
            loose.append(word)
            continue
        hint = hints[word[2:].replace("-", "_")]
        most = max(len(_kinds(option)) for option in options(hint)) if words[:1] != ["None"] else 1
        values = [words.pop(0) for _ in range(most) if words and not words[0].startswith("--")]
        if not values:
            return f"{word} needs a value: {wanted(hint)}"
        if not any(_reads(values, _kinds(option)) for option in options(hint)):
            return f"{word} {' '.join(values)}: must be {wanted(hint)}"
    if len(loose) > len(positional):
        return f"{loose[len(positional)]}: no such argument"
    if len(loose) < len(required):
        return f"{required[len(loose)].upper()} is missing"
    return None


def _kinds(option: Any) -> tuple[Any, ...]:
    """Return the types of the words that make up one value."""
    return get_args(option) if get_origin(option) is tuple else (option,)


def _reads(words: list[str], kinds: tuple[Any, ...]) -> bool:
    return len(words) == len(kinds) and all(_is(word, kind) for word, kind in zip(words, kinds, strict=True))


def _is(word: str, kind: Any) -> bool:
    """Tell whether a word can be read as a value of a type."""
    if get_origin(kind) is Literal:
        return word in get_args(kind)
    if kind is bool:
        return word in ("True", "False")
    if kind is type(None):
        return word == "None"
    try:
        return kind not in (int, float) or kind(word) is not None
    except ValueError:
        return False


def _squeeze(box: str) -> str:
    """Return the sentences inside a box of text as one line."""
    lines = [re.sub(r"[─━╭╮╰╯│┃┌┐└┘-]{3,}|[─━╭╮╰╯│┃┌┐└┘]", " ", line).strip() for line in box.splitlines()]
    return " ".join(line for line in lines if line and "--help" not in line)
