"""Text that any encoding survives: what a terminal, a pipe or a file cannot hold is spelled out."""

from __future__ import annotations

import codecs
import sys
import unicodedata
from typing import TextIO

SPELLED = dict(zip("−–—×·⟨⟩≈∂′⁄øı“”’‘│─━", "---x*<>~d'/oi\"\"''|--", strict=True))
SPELLED |= {"…": "...", "→": "->", "←": "<-", "↦": "->", "±": "+-", "‖": "||", "≠": "!=", "≫": ">>"}
SPELLED |= {"≤": "<=", "≥": ">=", "∞": "inf", "√": "sqrt ", "∈": " in ", "∇": "grad ", "∫": "int ", "λ": "lambda"}
SPELLED |= {"°": " degrees", "■": "*", "□": "o"}
ERRORS = "gansmith.spelled"


def spelled(character: str) -> str:
    """Return ASCII for a character, "?" if there is none.

    >>> "".join(spelled(c) for c in "σ² ± 0.5 → ∞, naïve ½")
    'sigma^2 +- 0.5 -> inf, naive 1/2'
    """
    if character.isascii():
        return character
    if character in SPELLED:
        return SPELLED[character]
    name = unicodedata.name(character, "")
    if name.startswith("GREEK"):
        word = name.split(" WITH ")[0].split()[-1].lower()
        return word.capitalize() if "CAPITAL" in name else word
    if unicodedata.combining(character):
        return ""
    parts = unicodedata.normalize("NFKD", character)
    plain = "".join(spelled(part) for part in parts) if parts != character else "?"
    return f"^{plain}" if name.startswith("SUPERSCRIPT") else plain


def readable(text: str, encoding: str) -> str:
    """Return a text with everything spelled out that an encoding lacks.

    >>> readable("1 ± σ", "cp1252")
    '1 ± sigma'
    """
    return text.encode(encoding, ERRORS).decode(encoding, "replace")


def survive(stream: TextIO | None) -> None:
    """Let a stream spell out what it cannot hold, unless the user has chosen otherwise; bytes of a path stay."""
    if stream is not None and getattr(stream, "errors", None) in ("strict", "backslashreplace"):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # not one that a program has put there
            reconfigure(errors=ERRORS)


def survive_all() -> None:
    """Let both streams of a command survive any text."""
    survive(sys.stdout)
    survive(sys.stderr)


def _spell(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    character = error.object[error.start]
    if 0xDC80 <= ord(character) <= 0xDCFF:  # a byte of a file's name that is no text
        return bytes([ord(character) - 0xDC00]), error.start + 1
    return spelled(character), error.start + 1


codecs.register_error(ERRORS, _spell)
