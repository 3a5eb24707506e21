"""The two ways a run can end badly, each told in one line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class GansmithError(Exception):
    """Something the user can mend: the message names the thing, the value and the mend.

    The command line prints it as one line and exits with code 2.
    """


class DivergedError(GansmithError):
    """A cost became NaN or infinite: the message names the step, the player and what to try."""


def unknown(kind: str, name: str, known: Iterable[str]) -> GansmithError:
    """Return the error for a `name` that is not among the `known` ones of its `kind`.

    >>> print(unknown("recipe", "wgan-pg", ["wgan", "wgan-gp"]))
    unknown recipe 'wgan-pg': did you mean 'wgan-gp'? Known: wgan, wgan-gp
    """
    choices = sorted(known)
    near = difflib.get_close_matches(name, choices, n=1) or [c for c in choices if len(name) > 1 and name in c]
    hints = [f"did you mean {' or '.join(repr(c) for c in near)}?"] if near else []
    if not near or len(choices) <= 20:
        hints.append(f"Known: {', '.join(choices)}")
    return GansmithError(f"unknown {kind} '{name}': {' '.join(hints)}")
