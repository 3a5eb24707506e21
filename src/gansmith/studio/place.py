"""What the studio was given: one folder of runs, and nothing beside it."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gansmith.errors import GansmithError

if TYPE_CHECKING:
    from gansmith.generators.trained import TrainedGenerator

WEIGHTS = "generator.safetensors"
MOST = 200  # runs that are listed


@dataclass
class Place:
    """The folder that the studio may read."""

    runs: Path | None = None


GIVEN = Place()
"""Of this process, set by `gansmith.studio.serving.serve`."""


def names() -> list[str]:
    """Return the runs of the folder by name: those with a generator, without following links out of it."""
    if GIVEN.runs is None:
        return []
    found = [GIVEN.runs] if (GIVEN.runs / WEIGHTS).is_file() else sorted(GIVEN.runs.glob(f"*/{WEIGHTS}"))
    folders = [one if one.is_dir() else one.parent for one in found]
    inside = GIVEN.runs.resolve()
    return [one.name for one in folders if one.resolve().is_relative_to(inside)][:MOST]


def weights(name: str) -> Path:
    """Return the file of the generator of a listed run.

    Raises:
        GansmithError: if no listed run is called so.
    """
    if GIVEN.runs is None or name not in names():
        raise GansmithError(f"no run is called {name[:60]} here")
    folder = GIVEN.runs if (GIVEN.runs / WEIGHTS).is_file() else GIVEN.runs / name
    return folder / WEIGHTS


def generator(name: str) -> TrainedGenerator:
    """Return the generator of a listed run, from its safetensors file: nothing else of the run is opened.

    Raises:
        GansmithError: if no listed run is called so, or its file cannot be read.
    """
    path = weights(name)
    return _read(path, path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> TrainedGenerator:
    from gansmith.runs.loading import load

    return load(path)
