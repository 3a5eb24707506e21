"""Colours of skin, hair, eyes, clothes and backgrounds, as red, green and blue in [0, 1]."""

from __future__ import annotations

import numpy as np

from gansmith.data.portraits.chance import Chance, Numbers

Colour = tuple[Numbers | float, Numbers | float, Numbers | float]
Ramp = tuple[tuple[float, float, float, float], ...]
"""Stops: where, and red, green and blue there."""

SKIN: Ramp = (
    (0.00, 0.98, 0.86, 0.79),
    (0.25, 0.95, 0.77, 0.66),
    (0.50, 0.82, 0.61, 0.47),
    (0.75, 0.62, 0.42, 0.31),
    (1.00, 0.42, 0.27, 0.20),
)
HAIR: Ramp = (
    (0.00, 0.06, 0.06, 0.08),
    (0.20, 0.11, 0.09, 0.09),
    (0.32, 0.28, 0.17, 0.11),
    (0.68, 0.50, 0.31, 0.18),
    (0.80, 0.84, 0.65, 0.36),
    (1.00, 0.96, 0.86, 0.60),
)
RED: Ramp = ((0.0, 0.58, 0.20, 0.10), (1.0, 0.86, 0.44, 0.20))
GRAY: Ramp = ((0.0, 0.56, 0.56, 0.58), (1.0, 0.91, 0.91, 0.92))
EYES: Ramp = (
    (0.00, 0.22, 0.12, 0.07),
    (0.45, 0.40, 0.24, 0.12),
    (0.60, 0.45, 0.42, 0.18),
    (0.75, 0.28, 0.48, 0.36),
    (1.00, 0.26, 0.48, 0.72),
)
CLOTH: Ramp = (
    (0.00, 0.16, 0.22, 0.38),
    (0.09, 0.24, 0.42, 0.62),
    (0.18, 0.52, 0.70, 0.82),
    (0.27, 0.24, 0.52, 0.53),
    (0.36, 0.30, 0.48, 0.36),
    (0.45, 0.62, 0.66, 0.46),
    (0.54, 0.90, 0.72, 0.36),
    (0.62, 0.84, 0.50, 0.34),
    (0.70, 0.70, 0.26, 0.28),
    (0.78, 0.86, 0.60, 0.64),
    (0.84, 0.50, 0.32, 0.52),
    (0.90, 0.24, 0.23, 0.27),
    (0.95, 0.55, 0.55, 0.58),
    (1.00, 0.93, 0.91, 0.87),
)
WALL: Ramp = (
    (0.00, 0.72, 0.82, 0.92),
    (0.14, 0.70, 0.86, 0.84),
    (0.28, 0.80, 0.88, 0.74),
    (0.42, 0.96, 0.90, 0.74),
    (0.56, 0.97, 0.82, 0.72),
    (0.70, 0.95, 0.78, 0.82),
    (0.84, 0.83, 0.78, 0.92),
    (1.00, 0.86, 0.87, 0.88),
)


def along(ramp: Ramp, at: Numbers) -> Colour:
    """Return the colours at these places of a ramp."""
    where, *channels = zip(*ramp, strict=True)
    red, green, blue = (np.interp(at, where, channel) for channel in channels)
    return red, green, blue


def mixed(a: Colour, b: Colour, share: float | Numbers) -> Colour:
    """Return the colours that are a where the share is 0, and b where it is 1."""
    red, green, blue = (one + share * (other - one) for one, other in zip(a, b, strict=True))
    return red, green, blue


def times(a: Colour, factor: float | Numbers) -> Colour:
    """Return the colours, darker or lighter."""
    return a[0] * factor, a[1] * factor, a[2] * factor


def wheel(chance: Chance, light: float | Numbers, strong: float | Numbers) -> Colour:
    """Return colours of random hue around a gray of this lightness."""
    hue = chance.uniform()
    red, green, blue = (light + strong * wave(hue + third / 3.0) for third in range(3))
    return red, green, blue


def wave(t: Numbers) -> Numbers:
    """Return a smooth wave between −1 and 1 of period 1, made of two parabolas."""
    t = t - np.floor(t) - 0.5
    return 16.0 * t * (0.5 - np.abs(t))
