"""Reading a command line with tyro, with every mistake told in one line."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar, cast

import tyro

from gansmith.errors import GansmithError, unknown

Parsed = TypeVar("Parsed")


def parse(kind: type[Parsed], verb: str, arguments: Sequence[str], default: Parsed | None = None) -> Parsed:
    """Return the dataclass that the arguments describe, or raise a `GansmithError` of one line."""
    _check_names(arguments, [*_field_names(kind), "help"])
    words = io.StringIO()
    options: dict[str, Any] = {} if default is None else {"default": default}
    if any(word in ("-h", "--help") for word in arguments):
        return cast(Parsed, tyro.cli(kind, prog=f"gansmith {verb}", args=arguments, config=_CONFIG, **options))
    try:
        with contextlib.redirect_stderr(words), contextlib.redirect_stdout(words):
            return cast(Parsed, tyro.cli(kind, prog=f"gansmith {verb}", args=arguments, config=_CONFIG, **options))
    except SystemExit:
        raise GansmithError(f"{_squeeze(words.getvalue())} (see gansmith {verb} --help)") from None


_CONFIG = (tyro.conf.OmitArgPrefixes, tyro.conf.FlagConversionOff)


def _field_names(kind: Any) -> Iterable[str]:
    from gansmith.config import FIELDS, Recipe

    for field in dataclasses.fields(kind):
        yield from FIELDS if field.type in (Recipe, "Recipe") else [field.name]


def _check_names(arguments: Sequence[str], known: Sequence[str]) -> None:
    flags = [name.replace("_", "-") for name in known]
    for word in arguments:
        if word.startswith("--"):
            name = word[2:].partition("=")[0].replace("_", "-")
            if name not in flags:
                raise unknown("field", name, flags)


def _squeeze(box: str) -> str:
    """Return the sentences inside a box of text as one line."""
    lines = [re.sub(r"[─━╭╮╰╯│┃┌┐└┘]+", " ", line).strip() for line in box.splitlines()]
    sentences = [
        line for line in lines if line and "--help" not in line and line not in ("Parsing error", "Value error")
    ]
    return " ".join(sentences)
