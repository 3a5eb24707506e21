"""The two ways a run can end badly, each told in one line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from gansmith.otherwise import ALSO, meant

NEAR = 0.65  # of two spellings, 1 being the same
FEW, MANY = 5, 20  # names in a line


class GansmithError(Exception):
    """Something the user can mend: the message names the thing, the value and the mend.

    The command line prints it as one line and exits with code 2.
    """


class DivergedError(GansmithError):
    """A cost became NaN or infinite: the message names the step, the player and what to try."""


def unknown(kind: str, name: str, known: Iterable[str], where: str = "") -> GansmithError:
    """Return the error for a `name` that is not among the `known` ones of its `kind`: what it means, or what is near.

    Args:
        kind: of thing.
        name: that was given.
        known: all there are.
        where: they are listed, if they are too many to be told.

    >>> print(unknown("recipe", "wgan-pg", ["wgan", "wgan-gp"]))
    unknown recipe 'wgan-pg': did you mean 'wgan-gp'? Known: wgan, wgan-gp
    >>> print(unknown("setting", "learning_rate", ["lr"]))
    unknown setting 'learning_rate': use --lr
    """
    choices = sorted(known)
    meaning = meant(kind, name, choices)
    if meaning is not None:
        return GansmithError(f"unknown {kind} '{name}': {meaning}")
    near = difflib.get_close_matches(name, [*choices, *ALSO.get(kind, ())], n=1, cutoff=NEAR)
    near = near or [c for c in choices if len(name) > 1 and name in c][:FEW]
    hints = [f"did you mean {' or '.join(repr(c) for c in near)}?"] if near else []
    if len(choices) <= MANY or not (near or where):
        hints.append(f"Known: {', '.join(choices)}")
    elif not near:
        hints.append(where)
    return GansmithError(f"unknown {kind} '{name}': {' '.join(hints)}")
