"""Checkpoints: whole, atomic, and as many as are worth keeping."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch

from gansmith.errors import GansmithError


def write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a temporary file beside `path`, bring it to disk, then put it in place in one move."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
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


class Checkpoints:
    """A folder of checkpoints, `step-00001000.pt`, with the best one also kept as `best.pt`.

    Args:
        folder: made when missing.
        keep: how many of the latest stay.
    """

    def __init__(self, folder: Path, keep: int = 2) -> None:
        self.folder = folder
        self.keep = keep

    def save(self, state: dict[str, Any]) -> Path:
        """Write the state of step state["step"], and drop checkpoints that are no longer wanted."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"step-{state['step']:08d}.pt"
        write_atomically(path, lambda temporary: torch.save(state, temporary))
        for old in self.steps()[: -self.keep]:
            old.unlink()
        return path

    def keep_as_best(self, path: Path) -> None:
        """Keep this checkpoint whatever comes after it."""
        write_atomically(self.folder / "best.pt", lambda temporary: os.link(path, temporary))

    def steps(self) -> list[Path]:
        """Return the numbered checkpoints, oldest first."""
        return sorted(p for p in self.folder.glob("step-*.pt") if re.fullmatch(r"step-\d{8,}\.pt", p.name))

    def latest(self) -> dict[str, Any]:
        """Return the newest checkpoint that is whole; a damaged one is passed over with a warning."""
        best = self.folder / "best.pt"
        candidates = [*reversed(self.steps()), *([best] if best.exists() else [])]
        for path in candidates:
            try:
                state: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu")
                return state
            except Exception as error:  # torch raises many kinds for a broken file
                reason = (str(error).splitlines() or [""])[0]
                warnings.warn(f"{path} is damaged ({reason}): using the one before it", stacklevel=2)
        if candidates:
            raise GansmithError(f"{self.folder}: no checkpoint can be read: train again with another --out")
        raise GansmithError(f"{self.folder}: no checkpoint yet: the run ended before its first; train again")
