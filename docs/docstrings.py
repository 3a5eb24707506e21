"""What the reference needs of docstrings: examples as blocks of code, and a row for each parameter."""

from __future__ import annotations

import re
from typing import Any

import griffe

EXAMPLE = re.compile(r"^( *)(>>> .*(?:\n(?! *$).*)*)", re.MULTILINE)
"""Left as it is, Markdown takes >>> for a quotation."""
SHARED = re.compile(r"^( +)(\w+(?:, \w+)+)(: .*(?:\n\1 +\S.*)*)", re.MULTILINE)
"""`real, fake: (N,) scores.` Taken for one name, it would have no type and no default."""


class Docstrings(griffe.Extension):  # type: ignore[misc]
    """Mends them before anything reads them."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        if obj.docstring is not None:
            text = EXAMPLE.sub(r"\1```pycon\n\1\2\n\1```", obj.docstring.value)
            obj.docstring.value = SHARED.sub(_apart, text)


def _apart(found: re.Match[str]) -> str:
    indent, names, rest = found.groups()
    return "\n".join(f"{indent}{name}{rest}" for name in names.split(", "))
