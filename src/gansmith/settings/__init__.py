"""Settings: what a component is, and the one walk over a composition of them that everything else is made of."""

from gansmith.settings.components import PLAIN, Component, Kind, Place, Setting, check, name_of, walk
from gansmith.settings.flat import View, change
from gansmith.settings.ranges import Count, Fraction, Index, Positive, Range, Seed, Weight, Words
from gansmith.settings.stored import from_json, to_json

__all__ = [
    "PLAIN",
    "Component",
    "Count",
    "Fraction",
    "Index",
    "Kind",
    "Place",
    "Positive",
    "Range",
    "Seed",
    "Setting",
    "View",
    "Weight",
    "Words",
    "change",
    "check",
    "from_json",
    "name_of",
    "to_json",
    "walk",
]
