"""Which values a field of a dataclass takes: told in words, and checked."""

from __future__ import annotations

import contextlib
import math
import numbers
import os
import types
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from gansmith.errors import GansmithError, unknown

WORDS = {int: "a whole number", float: "a number", bool: "True or False", type(None): "None", Path: "a path"}


_CONSTANTS = {"None": None, "True": True, "False": False}


def options(hint: Any) -> tuple[Any, ...]:
    """Return the types that a field may have: one, or those of a union.

    >>> options(int | None)
    (<class 'int'>, <class 'NoneType'>)
    """
    return get_args(hint) if get_origin(hint) in (types.UnionType, Union) else (hint,)


def wanted(hint: Any) -> str:
    """Say which values a field of this type takes.

    >>> wanted(tuple[float, float] | None)
    'two numbers or None'
    """
    return " or ".join(_words(option) for option in options(hint))


def _words(option: Any) -> str:
    if get_origin(option) is Literal:
        return f"one of {', '.join(get_args(option))}"
    if get_origin(option) is tuple:
        return "two numbers" if len(get_args(option)) == 2 and ... not in get_args(option) else "one value or more"
    return WORDS.get(option, "text")


def checked(name: str, hint: Any, value: Any) -> Any:
    """Return the value in the field's own type.

    Raises:
        GansmithError: naming the field, the value and what it takes.
    """
    for option in options(hint):
        if get_origin(option) is Literal and isinstance(value, str) and value not in get_args(option):
            raise unknown(f"value for {name}", value, get_args(option))
        with contextlib.suppress(TypeError, ValueError):
            return conformed(option, value)
    raise GansmithError(f"{name} = {value!r} must be {wanted(hint)}")


def from_words(name: str, hint: Any, words: Sequence[str]) -> Any:
    """Return the value that words of a command line stand for, in the field's own type.

    >>> from_words("--r1", float, ["0.2"]), from_words("--image-size", int | None, ["None"])
    (0.2, None)
    >>> from_words("--betas", tuple[float, float], ["0", "0.9"]), from_words("--compile", bool, [])
    ((0.0, 0.9), True)
    """
    if not words:
        if bool in options(hint):
            return True
        raise GansmithError(f"{name} needs a value: {wanted(hint)}")
    text = " ".join(words)
    if text in _CONSTANTS and type(_CONSTANTS[text]) in options(hint):
        return _CONSTANTS[text]
    for option in options(hint):
        kinds = get_args(option) if get_origin(option) is tuple else (option,)
        many = kinds[1:] == (...,)
        with contextlib.suppress(ValueError, TypeError):
            parts = words if many or len(kinds) > 1 else [text]
            read = [
                _read(kinds[0] if many else kind, word)
                for kind, word in zip(kinds[:1] * len(words) if many else kinds, parts, strict=True)
            ]
            return conformed(option, tuple(read) if get_origin(option) is tuple else read[0])
    raise GansmithError(f"{name} {text}: must be {wanted(hint)}")


def _read(kind: Any, word: str) -> Any:
    if kind is bool or kind is type(None):
        raise ValueError(word)
    return expanded(word) if kind is Path else kind(word) if kind in (int, float) else word


def expanded(text: str | Path) -> Path:
    """Return a path, `~` being the user's home."""
    try:
        return Path(text).expanduser()
    except RuntimeError:  # of a user who is not known
        raise GansmithError(f"{text}: there is no such home folder; write the path in full") from None
    except TypeError:
        raise GansmithError(f"{type(text).__name__}: give a path, or a name, as text") from None


def conformed(option: Any, value: Any) -> Any:
    """Return a value as one of this type, or raise a TypeError or ValueError."""
    if get_origin(option) is tuple:
        kinds = get_args(option)
        kinds = kinds[:1] * len(value) if kinds[1:] == (...,) else kinds
        return tuple(conformed(kind, v) for kind, v in zip(kinds, value, strict=True))
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
