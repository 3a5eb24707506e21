"""Memory that a training step frees is kept for the next one."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

TRIM_THRESHOLD, TOP_PAD, MMAP_MAX = -1, -2, -4  # of malloc.h
MEMINFO, CGROUP = Path("/proc/meminfo"), Path("/sys/fs/cgroup")
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


def available() -> int:
    """Return how many bytes of memory a process may still take: those free of the system, or of its container."""
    free = _of_system()
    limit, used = (_of_container(name) for name in ("memory.max", "memory.current"))
    return min(free, max(0, limit - used + _kept_files())) if limit is not None and used is not None else free


def _kept_files() -> int:
    """Return the bytes of files that a container keeps, and gives up when it needs to."""
    try:
        lines = (CGROUP / "memory.stat").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("file "))
    except (OSError, StopIteration, ValueError):
        return 0


def _of_system() -> int:
    try:
        lines = MEMINFO.read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration, ValueError):  # no Linux
        try:
            return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        except (AttributeError, ValueError, OSError):
            return sys.maxsize


def _of_container(name: str) -> int | None:
    try:
        return int((CGROUP / name).read_text(encoding="ascii"))
    except (OSError, ValueError):  # no cgroup of the second kind, or no limit: "max"
        return None
