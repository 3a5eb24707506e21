"""Which values a setting takes, as part of its type: `weight: Weight = 10.0`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, Any


@dataclass(frozen=True)
class Range:
    """Numbers between two ends; of a pair, both.

    >>> 1.0 in Range(least=0, below=1), str(Range(least=0, below=1))
    (False, 'at least 0 and less than 1')
    """

    least: float = -math.inf
    above: float = -math.inf
    most: float = math.inf
    below: float = math.inf

    def __contains__(self, value: Any) -> bool:
        if isinstance(value, tuple):
            return all(part in self for part in value)
        return bool(self.least <= value <= self.most and self.above < value < self.below)

    def __str__(self) -> str:
        words = {"least": "at least", "above": "more than", "most": "at most", "below": "less than"}
        return " and ".join(f"{word} {end:g}" for k, word in words.items() if math.isfinite(end := getattr(self, k)))


class Words:
    """Texts of words with commas between them, each one of these.

    >>> "color,cutout" in Words("color", "cutout"), "colour" in Words("color", "cutout")
    (True, False)
    """

    def __init__(self, *words: str) -> None:
        self.words = words

    def __contains__(self, value: Any) -> bool:
        return all(word in self.words for word in str(value).split(",") if word)

    def __str__(self) -> str:
        return f"any of {', '.join(self.words)}, with commas between them"


Count = Annotated[int, Range(least=1)]
Index = Annotated[int, Range(least=0)]
Seed = Annotated[int, Range(least=0, below=2**63)]
Weight = Annotated[float, Range(least=0)]
Positive = Annotated[float, Range(above=0)]
Fraction = Annotated[float, Range(least=0, below=1)]
POSITIONAL = "needs no flag"
"""Marks a setting that a command line takes without a flag: run: Annotated[Path, POSITIONAL]."""
