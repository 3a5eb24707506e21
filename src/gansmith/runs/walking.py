"""Walks with a run's generator, as animations and strips."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from gansmith.errors import GansmithError, unknown
from gansmith.generators.pictures import grid
from gansmith.generators.trained import TrainedGenerator
from gansmith.generators.writing import into_new
from gansmith.latent.space import Space
from gansmith.latent.walks.animation import animate
from gansmith.latent.walks.paths import through
from gansmith.latent.walks.traversals import Traversal, Which, traversed
from gansmith.latent.walks.walking import around, between
from gansmith.runs.editing import read_points


def walk(
    gan: TrainedGenerator,
    out: Path,
    seeds: Sequence[int] | None = None,
    points: Path | None = None,
    seed: int = 0,
    frames: int = 160,
    fps: float = 20.0,
    closed: bool = True,
    truncation: float = 1.0,
) -> None:
    """Write a walk as an animation.

    Args:
        gan: makes images.
        out: FILE.gif, .apng or .webp.
        seeds: from the first sample of one to that of the next, along arcs.
        points: a file of points, which the walk goes through along straight lines.
        seed: of an endless walk, where neither is given; what it is asked for stays that of the seed's first sample.
        frames: of the endless walk, or from one stop to the next.
        fps: frames a second.
        closed: go back to the first stop.
        truncation: of noise or styles, as of samples; the noise of an endless walk is scaled by it.

    Raises:
        GansmithError: if the generator makes no pictures, or there are fewer than two stops.
    """
    if len(gan.shape) != 3:
        raise GansmithError(f"{gan.name} makes vectors: there are no pictures to walk through")
    if points is not None:
        space = Space(gan)
        animate(space.images(through(read_points(points, space), frames, closed, straight=True)), out, fps)
        return
    if seeds is None:
        animate(around(gan, frames, seed, truncation), out, fps)
    else:
        animate(between(gan, seeds, frames, closed, truncation), out, fps)


def traverse(
    gan: TrainedGenerator, which: Sequence[str], out: Path, seed: int = 0, truncation: float = 1.0
) -> list[Traversal]:
    """Write strips of the coordinates that move attributes most, a picture a space, and return what they move."""
    for name in which:
        if name not in get_args(Which):
            raise unknown("coordinates", name, get_args(Which))
    found = [traversed(gan, name, seed=seed, truncation=truncation) for name in which]  # type: ignore[arg-type]

    def fill(folder: Path) -> None:
        for one in found:
            grid(one.pictures.flatten(0, 1), one.pictures.shape[1]).save(folder / f"{one.which}.png")

    out.parent.mkdir(parents=True, exist_ok=True)
    into_new(out, fill)
    return found
