"""Random numbers that are a function of (seed, index, column) alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
"""(N,) one number for each portrait."""
Whole = NDArray[np.uint64]


class Chance:
    """Columns of random numbers for the portraits of these indices; every draw takes the next column.

    A column is a hash (splitmix64 of G. Steele et al. 2014, "Fast splittable pseudorandom number generators") of seed,
    index and its own place, so that a portrait does not depend on those drawn with it.
    """

    def __init__(self, seed: int, indices: NDArray[np.int64]) -> None:
        start = _mixed(np.array([seed % 2**64], dtype=np.uint64))
        self._rows = _mixed(start + indices.astype(np.uint64))
        self._column = 0

    def uniform(self, low: float | Numbers = 0.0, high: float | Numbers = 1.0) -> Numbers:
        """Return numbers in [low, high)."""
        self._column += 1
        bits = _mixed(self._rows + _mixed(np.array([self._column], dtype=np.uint64)))
        return low + (high - low) * ((bits >> np.uint64(11)).astype(np.float64) * 2.0**-53)

    def bell(self, low: float | Numbers = 0.0, high: float | Numbers = 1.0) -> Numbers:
        """Return numbers in [low, high) that are more often in the middle: the mean of three uniform ones."""
        return low + (high - low) * ((self.uniform() + self.uniform() + self.uniform()) / 3.0)

    def chosen(self, share: float | Numbers) -> Numbers:
        """Return 1 with this probability, else 0."""
        return (self.uniform() < share).astype(np.float64)


def _mixed(z: Whole) -> Whole:
    """Return the hash of whole numbers, modulo 2⁶⁴."""
    z = z + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def step(low: float, high: float, x: Numbers) -> Numbers:
    """Return 0 below `low`, 1 above `high` and a smooth rise between them."""
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)
