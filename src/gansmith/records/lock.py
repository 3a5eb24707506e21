"""A folder that a run is writing into belongs to it alone."""

from __future__ import annotations

import itertools
import os
import platform
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from gansmith.errors import GansmithError

try:
    import fcntl
except ImportError:  # not a POSIX system: nothing is locked
    fcntl = None  # type: ignore[assignment]

TRIES = 1000  # a folder can go between two looks at it: an empty one that another process takes away


@contextmanager
def fresh_folder(wanted: Path) -> Iterator[Path]:
    """While inside, a new folder that nobody else gets: `wanted`, or with a number behind it; gone after if empty."""
    made = _missing(wanted.parent)
    for path in itertools.chain([wanted], (wanted.with_name(f"{wanted.name}-{n}") for n in itertools.count(2))):
        with suppress(FileExistsError):
            _make(path)
            break
    try:
        yield path
    finally:
        _remove_empty([path, *made])


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """While inside, nobody else may write into a folder; the lock of a process that died is gone with it.

    Raises:
        GansmithError: if another process, or another thread of this one, holds it.
    """
    if fcntl is None:
        yield
        return
    made = _missing(folder)
    with _held(folder) as file:
        file.truncate(0)
        file.write(f"process {os.getpid()} on {platform.node()}")
        file.flush()
        try:
            yield
        finally:
            (folder / ".lock").unlink(missing_ok=True)
            _remove_empty(made)  # nothing is left of a run that did not begin


def _held(folder: Path) -> IO[str]:
    """Return the folder's lock file, locked; not one that its last owner has removed in the meantime."""
    path = folder / ".lock"
    for _ in range(TRIES):
        _make(folder, exist_ok=True)
        with suppress(FileNotFoundError):
            file = path.open("a+", encoding="utf-8")
            try:
                _lock(file, folder)
                if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                    return file
            except BaseException:
                file.close()
                raise
            file.close()
    raise GansmithError(f"{folder} cannot be locked: others take it away; choose another --out")


def _lock(file: IO[str], folder: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        owner = file.read().strip() or "another process"
        raise GansmithError(f"{folder} is in use by {owner}: let it finish, or choose another --out") from None
    except OSError as error:
        warnings.warn(f"{folder}: its file system has no locks ({error.strerror}): keep others out", stacklevel=2)


def _missing(folder: Path) -> list[Path]:
    """Return what has to be made for a folder to be there, the innermost first."""
    return [one for one in (folder, *folder.parents) if not one.exists()]


def _make(folder: Path, exist_ok: bool = False) -> None:
    for _ in range(TRIES):
        try:
            folder.mkdir(parents=True, exist_ok=exist_ok)
        except FileNotFoundError:  # its parent, which was empty, has just gone
            continue
        except FileExistsError:  # what was there has just gone, or it is no folder
            if not exist_ok or folder.is_file():
                raise
            continue
        return
    raise GansmithError(f"{folder} cannot be made: others take its parent away; choose another --out")


def _remove_empty(folders: Sequence[Path]) -> None:
    with suppress(OSError):
        for one in folders:
            one.rmdir()
