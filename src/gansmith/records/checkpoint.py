"""Checkpoints: whole, atomic, and as many as are worth keeping."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

import torch

from gansmith.errors import GansmithError
from gansmith.files import write_atomically


class Checkpoints:
    """A folder of checkpoints, `step-00001000.pt`, with the best one also kept as `best.pt`.

    Args:
        folder: made when missing.
        keep: how many of the latest stay.
    """

    def __init__(self, folder: Path, keep: int = 2) -> None:
        self.folder = folder
        self.keep = keep

    @property
    def best(self) -> Path:
        """The best one so far."""
        return self.folder / "best.pt"

    def save(self, state: dict[str, Any]) -> Path:
        """Write the state of step state["step"], and drop checkpoints that are no longer wanted."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"step-{state['step']:08d}.pt"
        write_atomically(path, lambda temporary: torch.save(state, temporary))
        for old in self.steps()[: -self.keep]:
            old.unlink()
        return path

    def save_best(self, state: dict[str, Any]) -> None:
        """Write a state that is kept whatever comes after it, until a better one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        write_atomically(self.best, lambda temporary: torch.save(state, temporary))

    def steps(self) -> list[Path]:
        """Return the numbered checkpoints, oldest first."""
        return sorted(p for p in self.folder.glob("step-*.pt") if re.fullmatch(r"step-\d{8,}\.pt", p.name))

    def last_step(self) -> int | None:
        """Return the step of the newest checkpoint without opening it; None if there is none."""
        steps = self.steps()
        return int(steps[-1].stem.removeprefix("step-")) if steps else None

    def latest(self) -> dict[str, Any]:
        """Return the newest checkpoint that is whole; a damaged one is passed over with a warning."""
        candidates = [*reversed(self.steps()), *([self.best] if self.best.exists() else [])]
        for path in candidates:
            try:
                return read_checkpoint(path)
            except GansmithError as error:
                warnings.warn(f"{error}: using the one before it", stacklevel=2)
        if candidates:
            raise GansmithError(f"{self.folder}: no checkpoint can be read: train again with another --out")
        raise GansmithError(f"{self.folder}: no checkpoint yet: the run ended before its first; train again")


def read_checkpoint(path: Path) -> dict[str, Any]:
    """Return the state that a file holds; nothing in it is run.

    Raises:
        GansmithError: if it cannot be read.
    """
    try:
        state: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu")
        return state
    except Exception as error:  # torch raises many kinds for a broken file
        raise GansmithError(f"{path} is damaged ({(str(error).splitlines() or [''])[0]})") from error
