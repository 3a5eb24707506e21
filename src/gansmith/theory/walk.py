"""Simultaneous play of min over x, max over y of xy by hand: positions as polynomials of the learning rate η."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.polynomial import Polynomial


class Place(NamedTuple):
    """Where both players stand, as polynomials of η."""

    x: Polynomial
    y: Polynomial


ETA = Polynomial([0, 1])


def walk(steps: int) -> list[Place]:
    """Return the places of x' = x − ηy, y' = y + ηx from (1, 0), the start included.

    x + iy is multiplied by 1 + iη at every step, so that step t is (1 + iη)ᵗ.

    >>> [(written(place.x), written(place.y)) for place in walk(3)]
    [('1', '0'), ('1', 'η'), ('1 − η²', '2η'), ('1 − 3η²', '3η − η³')]
    """
    places = [Place(Polynomial([1.0]), Polynomial([0.0]))]
    for _ in range(steps):
        x, y = places[-1]
        places.append(Place(x - ETA * y, y + ETA * x))
    return places


PRINTED: Sequence[Place] = (
    Place(Polynomial([1.0]), Polynomial([0.0])),
    Place(Polynomial([1.0]), ETA),
    Place(1 - ETA**2, ETA * (1 + ETA)),
    Place(1 - ETA**2 - ETA * (1 + ETA), 2 * ETA + ETA**3),
)
"""What a lecture prints for the same steps."""

SLIPS: Sequence[tuple[int, str, str]] = (
    (2, "y", "η + η · 1 is 2η; it is written η(1 + η), as if the last term were η · η"),
    (3, "x", "η times y₂ is subtracted; here y₂ itself is, the η before it is lost"),
    (3, "y", "η(1 + η) + η(1 − η²) is 2η + η² − η³; the η² is lost and the sign of η³ turned"),
)
"""Step, coordinate, and what went wrong: each is wrong even with the numbers that the lecture has before it."""


def follows(step: int, coordinate: str) -> Polynomial:
    """Return what the lecture's own numbers of the step before give at a step: what it should have printed there.

    >>> written(follows(3, "y")), written(PRINTED[3].y)
    ('2η + η² − η³', '2η + η³')
    """
    x, y = PRINTED[step - 1]
    return x - ETA * y if coordinate == "x" else y + ETA * x


def written(polynomial: Polynomial) -> str:
    """Return a polynomial of η with whole coefficients as one writes it.

    >>> written(Polynomial([1, 0, -3])), written(Polynomial([0, 2, 0, 1])), written(Polynomial([0.0]))
    ('1 − 3η²', '2η + η³', '0')
    """
    text = ""
    for power, coefficient in enumerate(np.rint(polynomial.coef).astype(int).tolist()):
        if coefficient:
            sign = ("−" if coefficient < 0 else "+") if text else ("−" if coefficient < 0 else "")
            size = "" if abs(coefficient) == 1 and power else str(abs(coefficient))
            text += (f" {sign} " if text else sign) + size + ("η" if power else "") + _RAISED[power]
    return text or "0"


_RAISED = ("", "", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹")
