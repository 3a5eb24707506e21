"""Names that come with data: one spelling of each, and nothing in them that steers a terminal."""

from __future__ import annotations

import unicodedata

STEERING = ("Cc", "Cf", "Zl", "Zp")
"""Unicode's categories of characters that move a cursor, turn a line round or end it."""
JOINERS = "\u200c\u200d"
"""Of such characters those that words and emoji are written with."""


def plain(name: str) -> str:
    r"""Return a name in one spelling, in one line: é is one letter to some systems and two to others.

    Unicode Standard Annex 15, normalization form C.

    >>> plain("e\u0301t\u00e9") == "\u00e9t\u00e9", plain("a\nb"), plain("\x1b[2J")
    (True, 'a\\nb', '\\x1b[2J')
    """
    return "".join(map(_written, unicodedata.normalize("NFC", name)))


def _written(character: str) -> str:
    steers = unicodedata.category(character) in STEERING and character not in JOINERS
    return character.encode("unicode_escape").decode() if steers else character
