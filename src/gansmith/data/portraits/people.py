"""Who is drawn: from random numbers to attributes in [0, 1], with the correlations that people have."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gansmith.data.portraits.chance import Chance, Numbers, step

ATTRIBUTES = (
    "Young",
    "Male",
    "Smiling",
    "Mouth_Slightly_Open",
    "Brown_Hair",
    "Black_Hair",
    "Blond_Hair",
    "Red_Hair",
    "Gray_Hair",
    "Hair_Length",
    "Wavy_Hair",
    "Bangs",
    "Bald",
    "No_Beard",
    "Mustache",
    "Eyeglasses",
    "Wearing_Hat",
    "Wearing_Earrings",
    "Wearing_Lipstick",
    "Heavy_Makeup",
    "Rosy_Cheeks",
    "Skin_Tone",
    "Chubby",
    "Turn",
    "Tilt",
    "Light",
)
"""Names of what is known of every portrait, as in CelebA where they mean the same."""

SIDED = ("Turn", "Tilt", "Light")
"""Those that a mirror changes."""


class People:
    """The attributes of portraits, by name, and the numbers behind them."""

    def __init__(self, chance: Chance) -> None:
        self.known: dict[str, Numbers] = {}
        self._self(chance)
        self._hair_colour(chance)
        self._hair(chance)
        self._beard(chance)
        self._worn(chance)

    def attributes(self) -> NDArray[np.float32]:
        """Return (N, A) float32, in the order of `ATTRIBUTES`."""
        return np.stack([self.known[name] for name in ATTRIBUTES], axis=1).astype(np.float32)

    def _self(self, chance: Chance) -> None:
        known = self.known
        known["Young"] = chance.uniform()
        side = 2.0 * chance.chosen(0.5) - 1.0
        known["Male"] = 0.5 + side * chance.uniform(0.12, 0.5)
        known["Smiling"] = chance.uniform()
        known["Mouth_Slightly_Open"] = chance.chosen(0.4)
        known["Skin_Tone"] = chance.uniform()
        known["Chubby"] = chance.uniform()
        known["Rosy_Cheeks"] = chance.uniform()
        for name in ("Turn", "Tilt", "Light"):
            known[name] = chance.uniform()

    def _hair_colour(self, chance: Chance) -> None:
        """Hair has a shade from black over brown to blond; some is red instead; gray comes with age."""
        known = self.known
        red = chance.chosen(0.12)
        shade = chance.uniform()
        self.gray = step(0.3, 0.5, 0.66 - known["Young"] + chance.uniform(-0.25, 0.25))
        self.red, self.shade = red, shade
        coloured = (1.0 - red) * (1.0 - self.gray)
        brown = step(0.20, 0.32, shade) * (1.0 - step(0.68, 0.80, shade))
        known["Brown_Hair"] = coloured * brown
        known["Black_Hair"] = ((shade < 0.26) & (coloured > 0.5)).astype(np.float64)
        known["Blond_Hair"] = ((shade > 0.74) & (coloured > 0.5)).astype(np.float64)
        known["Gray_Hair"] = (self.gray > 0.5).astype(np.float64)
        known["Red_Hair"] = red * (1.0 - known["Gray_Hair"])

    def _hair(self, chance: Chance) -> None:
        known = self.known
        male, old = known["Male"], 1.0 - known["Young"]
        known["Hair_Length"] = 0.6 * chance.uniform() + 0.4 * np.clip(1.2 - 1.2 * male + chance.bell(-0.6, 0.6), 0, 1)
        known["Bald"] = chance.chosen(0.22 * male)
        haired = 1.0 - known["Bald"]
        known["Hair_Length"] *= haired
        known["Wavy_Hair"] = chance.chosen(0.45) * haired
        known["Bangs"] = chance.chosen(0.34) * haired
        self.receding = step(0.35, 1.0, old * male + chance.uniform(-0.2, 0.2)) * (1.0 - known["Bangs"])

    def _beard(self, chance: Chance) -> None:
        """Full beards, goatees, stubble and moustaches, in this order of how much is covered."""
        known = self.known
        grown = chance.chosen(0.62 * step(0.3, 0.8, known["Male"]))
        kind = chance.uniform()
        self.goatee = (kind < 0.25).astype(np.float64)
        self.stubble = grown * (kind > 0.75)
        known["No_Beard"] = 1.0 - grown
        alone = (1.0 - grown) * chance.chosen(0.2 * step(0.3, 0.8, known["Male"]))
        known["Mustache"] = np.maximum(grown * (kind <= 0.75) * chance.chosen(0.85), alone)

    def _worn(self, chance: Chance) -> None:
        known = self.known
        female = 1.0 - known["Male"]
        known["Eyeglasses"] = chance.chosen(0.28)
        known["Wearing_Hat"] = chance.chosen(0.2)
        known["Wearing_Earrings"] = chance.chosen(0.12 + 0.42 * female)
        known["Wearing_Lipstick"] = chance.chosen(0.06 + 0.6 * female)
        known["Heavy_Makeup"] = chance.chosen(0.04 + 0.5 * female)
