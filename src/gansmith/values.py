"""Which values a field of a dataclass takes: told in words, and checked."""

from __future__ import annotations

import contextlib
import math
import numbers
import os
import types
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from gansmith.errors import GansmithError, unknown

WORDS = {int: "a whole number", float: "a number", bool: "True or False", type(None): "None", Path: "a path"}


_CONSTANTS = {"None": None, "True": True, "False": False}


def options(hint: Any) -> tuple[Any, ...]:
    """Return the types that a field may have: one, or those of a union.

    >>> options(int | None)
    (<class 'int'>, <class 'NoneType'>)
    """
    return get_args(hint) if isinstance(hint, types.UnionType) else (hint,)


def wanted(hint: Any) -> str:
    """Say which values a field of this type takes.

    >>> wanted(tuple[float, float] | None)
    'two numbers or None'
    """
    return " or ".join(_words(option) for option in options(hint))


def _words(option: Any) -> str:
    if get_origin(option) is Literal:
        return f"one of {', '.join(get_args(option))}"
    return "two numbers" if get_origin(option) is tuple else WORDS.get(option, "text")


def checked(name: str, hint: Any, value: Any) -> Any:
    """Return the value in the field's own type.

    Raises:
        GansmithError: naming the field, the value and what it takes.
    """
    for option in options(hint):
        if get_origin(option) is Literal and isinstance(value, str) and value not in get_args(option):
            raise unknown(f"value for {name}", value, get_args(option))
        with contextlib.suppress(TypeError, ValueError):
            return _conform(option, value)
    raise GansmithError(f"{name} = {value!r} must be {wanted(hint)}")


def from_text(name: str, hint: Any, text: str) -> Any:
    """Return the value that a word of a command line stands for, in the field's own type.

    >>> from_text("r1", float, "0.2"), from_text("image_size", int | None, "None")
    (0.2, None)
    """
    if text in _CONSTANTS and type(_CONSTANTS[text]) in options(hint):
        return _CONSTANTS[text]
    for option in options(hint):
        with contextlib.suppress(ValueError, GansmithError):
            number = option is int or option is float
            return checked(name, hint, option(text) if number else text)
    raise GansmithError(f"{name} = {text} must be {wanted(hint)}")


def _conform(option: Any, value: Any) -> Any:
    """Return the value as one of this type, or raise a TypeError or ValueError."""
    if get_origin(option) is tuple:
        return tuple(_conform(kind, v) for kind, v in zip(get_args(option), value, strict=True))
    if get_origin(option) is Literal:
        fits = value in get_args(option)
    elif option is int or option is float:  # numpy's numbers too, but no True, NaN or infinity
        number = numbers.Integral if option is int else numbers.Real
        fits = isinstance(value, number) and not isinstance(value, bool) and math.isfinite(value)
        value = option(value) if fits else value
    else:
        value = os.fspath(value) if option is str else value
        fits = isinstance(value, option)
    if not fits:
        raise TypeError(f"{value!r} is no {option}")
    return value
