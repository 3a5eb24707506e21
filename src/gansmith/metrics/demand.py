"""How much memory measuring takes, estimated before any sample is drawn."""

from __future__ import annotations

import math

from gansmith.errors import GansmithError
from gansmith.memory import available

SPREAD = 32  # bytes at most for each feature of a sample: itself, and what FID∞ makes of it in double precision
LINES, BESIDE = 4200, 16  # bytes for a sample on 128 random lines, sorted, and for each of its features meanwhile
SHARE = 0.9  # of the memory that is free


def check_samples(count: int, dimensions: int, given: int = 0, called: str = "samples") -> None:
    """Refuse more samples than can be measured in the memory that is free, and say how many can.

    Measured (maximum resident set, 2 to 2,048 features): 4.2 kB to 60 kB a sample.

    Args:
        count: of samples.
        dimensions: features of each; the fewest there may be, where they are not known yet.
        given: numbers that each is made from: noise and conditions.
        called: the setting that says how many.

    Raises:
        GansmithError: if they do not fit.
    """
    each = max(SPREAD * dimensions, LINES + BESIDE * dimensions) + 4 * given
    free = available()
    if count * each > SHARE * free:
        fits = max(2, math.floor(SHARE * free / each))
        raise GansmithError(
            f"{called} = {count:,}: measuring them takes about {count * each / 2**30:,.1f} GiB, and "
            f"{free / 2**30:,.1f} are free: use --{called.replace('_', '-')} {fits} or fewer"
        )
