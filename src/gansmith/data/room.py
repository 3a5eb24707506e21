"""What samples take in memory, asked before any are read."""

from __future__ import annotations

from gansmith.errors import GansmithError
from gansmith.memory import available


def check_room(size: int, called: str, mend: str) -> None:
    """Refuse what does not fit into the memory that is free.

    Args:
        size: in bytes, at the moment that takes the most.
        called: what it is.
        mend: what to do instead.
    """
    free = available()
    if size > free:
        raise GansmithError(f"{called} takes {size / 2**30:,.1f} GiB, and {free / 2**30:,.1f} are free: {mend}")
