"""Failures of GANs and their cures, in pairs of one seed: what to play, what to look at, how it shows in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gansmith.playground.setting import Setting


@dataclass(frozen=True)
class Preset:
    """A failure and its cure.

    Attributes:
        name: in links.
        title: on the page.
        look: one sentence that says what to look at.
        why: one sentence that says why the cure is one.
        data: a toy.
        failing: settings that fail, by flat name.
        cure: what is changed of them.
        measure: the quantity that shows it, see `gansmith.playground.quantities.EXPLAINED`.
        steps: after which it does.
        fails: where the quantity is then, least and most.
        cured: where it is with the cure; apart from `fails`.
    """

    name: str
    title: str
    look: str
    why: str
    data: str
    failing: Mapping[str, Any]
    cure: Mapping[str, Any]
    measure: str
    steps: int
    fails: tuple[float, float]
    cured: tuple[float, float]

    def setting(self, cured: bool = False) -> Setting:
        """Return what to play: the failure, or the same with the cure and the same seed."""
        return Setting(self.data, {**self.failing, **(self.cure if cured else {})})


_SGD = {"discriminator.optimizer": "SGD", "generator.optimizer": "SGD"}
_CRITIC = {
    "loss": "wasserstein",
    "n_critic": 5,
    "discriminator.optimizer": "RMSprop",
    "generator.optimizer": "RMSprop",
    "discriminator.lr": 2e-3,
    "generator.lr": 1e-3,
}

PRESETS: tuple[Preset, ...] = (
    Preset(
        "rotation",
        "Rotation",
        "G's samples swing past the data again and again, farther each time, while D tilts the other way.",
        "Extragradient steps from where both would be next, which turns the outward spiral inwards.",
        "normal",
        {
            "loss": "wasserstein",
            "dynamics": "simultaneous",
            **_SGD,
            "discriminator.lr": 0.2,
            "generator.lr": 0.2,
            "discriminator_layers": 0,
            "generator_layers": 0,
            "latent": 1,
            "batch": 512,
            "standardize": False,
        },
        {"dynamics": "extragradient"},
        "offset",
        150,
        (5.0, 1e9),
        (0.0, 1.0),
    ),
    Preset(
        "oscillation",
        "Hopping between modes",
        "All samples sit in one clump that jumps from mode to mode: whatever D learns to refute, G leaves.",
        "A slower G and a quicker D: D knows the whole ring before G has moved.",
        "ring",
        {"generator.lr": 5e-3, "discriminator.lr": 1e-3},
        {"generator.lr": 5e-4, "discriminator.lr": 2e-3},
        "moved",
        400,
        (0.4, 1.0),
        (0.0, 0.15),
    ),
    Preset(
        "few",
        "Collapse to few modes",
        "Samples crowd into a handful of the 25 modes, and the modes beside them stay empty.",
        "Samples are judged in pairs and D is held flat at all of them (R1, R2): its slopes lead to what is missing.",
        "grid",
        {"generator.lr": 4e-3, "discriminator.lr": 2e-3, "seed": 1},
        {"loss": "relativistic", "r1": 0.5, "r2": 0.5},
        "held",
        300,
        (1, 10),
        (16, 25),
    ),
    Preset(
        "one",
        "Collapse to one mode",
        "Every noise makes the same sample: the folded grid shrinks to a point.",
        "R1 holds D's slope at the data to a small one, and D stays a gentle hill instead of a cliff.",
        "ring",
        {"n_critic": 5, "discriminator_layers": 3, **_SGD, "discriminator.lr": 0.1, "generator.lr": 0.1},
        {"r1": 0.3},
        "largest",
        150,
        (0.9, 1.0),
        (0.1, 0.3),
    ),
    Preset(
        "vanishing",
        "Vanishing gradient",
        "D is sure of everything, the arrows vanish, and samples stand still although they are wrong.",
        "The non-saturating cost asks G for more of D's yes: where D is sure of no, its slope is greatest.",
        "ring",
        {
            "loss": "minimax",
            "n_critic": 20,
            "discriminator.lr": 5e-3,
            "generator.optimizer": "SGD",
            "generator.lr": 0.02,
        },
        {"loss": "nonsaturating"},
        "pull",
        30,
        (0.0, 0.05),
        (0.3, 1e9),
    ),
    Preset(
        "growing",
        "The naive critic grows",
        "Nothing bounds the critic: its margin between real and fake grows and grows, though samples get better.",
        "A gradient penalty holds its slope near 1, and the margin becomes a distance.",
        "ring",
        _CRITIC,
        {"gradient_penalty": 0.1},
        "sure",
        150,
        (2.0, 1e9),
        (0.1, 1.2),
    ),
)
"""Every failure of the course, with its cure beside it."""


def preset(name: str) -> Preset:
    """Return the preset of a name.

    >>> preset("rotation").setting(cured=True).values["dynamics"]
    'extragradient'
    """
    from gansmith.errors import unknown

    found = {one.name: one for one in PRESETS}
    if name not in found:
        raise unknown("preset", name, found)
    return found[name]
