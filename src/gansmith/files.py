"""Files that are either whole or not there."""

from __future__ import annotations

import itertools
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a temporary file beside `path`, bring it to disk, then put it in place in one move."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")  # other threads, other machines write too
    try:
        write(temporary)
        with open(temporary, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    with suppress(OSError):  # some systems cannot sync a folder; the file itself is safe
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def free_for(path: Path, content: bytes) -> Path:
    """Return the path, or one with a number behind its name, where there is nothing or just this content."""
    numbered = (path.with_stem(f"{path.stem}-{number}") for number in itertools.count(2))
    free = (one for one in itertools.chain([path], numbered) if not one.exists() or _holds(one, content))
    return next(free)


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def cache_folder() -> Path:
    """Return where things that can be made again are kept: $GANSMITH_CACHE, or gansmith in the user's cache folder."""
    own = os.environ.get("GANSMITH_CACHE")
    return (
        Path(own).expanduser() if own else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gansmith"
    )
