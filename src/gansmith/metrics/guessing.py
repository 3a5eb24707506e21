"""Guesses of people: how often they are right, how sure that is, and what gives a picture away."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

from gansmith.errors import GansmithError

Z95 = 1.959963984540054  # standard normal quantile of 0.975


class Guesses(NamedTuple):
    """How often guesses were right."""

    share: float
    """Right ones / all."""
    low: float
    """Lower end of the 95 % confidence interval."""
    high: float
    """Upper end."""
    p: float
    """Probability of at least so many right ones by chance alone."""


def guesses(right: int, count: int, chance: float = 0.5) -> Guesses:
    """Return the share of right guesses with Wilson's 95 % confidence interval, and the exact binomial tail.

    (k + z²/2 ± z √(k(n − k)/n + z²/4)) / (n + z²), z = 1.96.

    Args:
        right, count: k of n.
        chance: probability of a right guess by somebody who does not look.

    Raises:
        GansmithError: if there are more right ones than guesses, or a chance outside (0, 1).

    Wilson 1927, "Probable inference, the law of succession, and statistical inference".

    >>> found = guesses(9, 10)
    >>> round(found.low, 3), round(found.high, 3), round(found.p, 4)
    (0.596, 0.982, 0.0107)
    """
    if not (0 <= right <= count and 0 < chance < 1):
        raise GansmithError(f"{right} of {count} guesses at chance {chance:g}: 0 ≤ right ≤ count, 0 < chance < 1")
    if count == 0:
        return Guesses(math.nan, 0.0, 1.0, 1.0)
    middle = (right + Z95**2 / 2) / (count + Z95**2)
    half = Z95 * math.sqrt(right * (count - right) / count + Z95**2 / 4) / (count + Z95**2)
    tail = sum(math.comb(count, k) * chance**k * (1 - chance) ** (count - k) for k in range(right, count + 1))
    return Guesses(right / count, max(middle - half, 0.0), min(middle + half, 1.0), min(tail, 1.0))


CUES = ("edge", "grain in even areas", "colour", "asymmetry", "contrast")
"""What pictures may differ in for people who look closely."""


def cues(images: Tensor) -> Tensor:
    """Return what `CUES` name of images (N, C, H, W) in [−1, 1], (N, 5), as logarithms.

    The 99th percentile of steps between neighbouring pixels; their 20th percentile of second differences; the mean
    spread of the channels; the mean difference from the mirrored picture; the standard deviation of the brightness.
    """
    gray = images.mean(dim=1)
    steps = gray.diff(dim=2).abs().flatten(1)
    second = gray.diff(n=2, dim=2).abs().flatten(1)
    colour = images.std(dim=1, correction=0).mean(dim=(1, 2))
    mirrored = (gray - gray.flip(2)).abs().mean(dim=(1, 2))
    found = [steps.quantile(0.99, dim=1), second.quantile(0.2, dim=1), colour, mirrored, gray.std(dim=(1, 2))]
    return (torch.stack(found, dim=1) + 1e-4).log()


class GivenAway(NamedTuple):
    """What speaks most for a picture being generated."""

    cue: str
    more: bool
    """Whether it has more of it than real pictures."""
    sigmas: float
    """How far it is from the mean of the real pictures, in their standard deviations."""


def given_away(picture: Tensor, real: Tensor, fake: Tensor) -> GivenAway | None:
    """Return the cue by which a generated picture is told best from real ones; None if each speaks for a real one.

    Each cue is taken to be normal among real pictures and among generated ones; the one with the greatest
    log-likelihood ratio of generated against real is named.

    Args:
        picture: (C, H, W).
        real, fake: `cues` of many real and many generated pictures, (M, 5) and (N, 5).
    """
    own = cues(picture.unsqueeze(0))[0]

    def logs(among: Tensor) -> Tensor:
        spread = among.std(dim=0).clamp_min(1e-6)
        return -(((own - among.mean(dim=0)) / spread) ** 2) / 2 - spread.log()

    ratio = logs(fake) - logs(real)
    best = int(ratio.argmax())
    if ratio[best] <= 0:
        return None
    far = float((own[best] - real[:, best].mean()) / real[:, best].std().clamp_min(1e-6))
    return GivenAway(CUES[best], far > 0, abs(far))
