"""A folder that a run is writing into belongs to it alone."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gansmith.errors import GansmithError

try:
    import fcntl
except ImportError:  # not a POSIX system: nothing is locked
    fcntl = None  # type: ignore[assignment]


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """While inside, no other process of ours may write into a folder; the lock of a process that died is gone with it.

    Raises:
        GansmithError: if another process holds it.
    """
    if fcntl is None:
        yield
        return
    path = folder / ".lock"
    made = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            owner = file.read().strip() or "another process"
            raise GansmithError(f"{folder} is in use by {owner}: let it finish, or choose another --out") from None
        file.truncate(0)
        file.write(f"process {os.getpid()} on {platform.node()}")
        file.flush()
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
            with suppress(OSError):  # what is empty goes too: nothing is left of a run that did not begin
                for one in made:
                    one.rmdir()
