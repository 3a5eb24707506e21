"""Memory that a training step frees is kept for the next one."""

from __future__ import annotations

import ctypes
import os
import sys

TRIM_THRESHOLD, TOP_PAD, MMAP_MAX = -1, -2, -4  # of malloc.h
SWITCH = "GANSMITH_KEEP_MEMORY"


def keep_freed_memory() -> bool:
    """Let the C allocator keep freed memory instead of handing it back to the system; tell whether it will.

    glibc maps large blocks afresh each time and unmaps them when they are freed, so that every step of a training run
    pays for the pages of the one before it. It is a matter of the whole process: the command line does so with
    processes of its own, an import of gansmith never does. GANSMITH_KEEP_MEMORY=0 leaves the allocator as it is. Other
    C libraries and systems are left alone.
    """
    if sys.platform != "linux" or os.environ.get(SWITCH) == "0":
        return False
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return False
    options = {MMAP_MAX: 0, TRIM_THRESHOLD: -1, TOP_PAD: 64 << 20}
    taken = [mallopt(name, value) for name, value in options.items()]
    return all(taken)
