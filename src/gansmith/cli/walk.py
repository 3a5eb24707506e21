"""`gansmith walk RUN …`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from gansmith.cli.arguments import POSITIONAL, parse
from gansmith.cli.directions import named
from gansmith.cli.sample import seeds_in
from gansmith.errors import GansmithError
from gansmith.settings import Count, Positive

if TYPE_CHECKING:
    from gansmith.latent.walks.traversals import Traversal


@dataclass(frozen=True)
class Walk:
    """Walk through a latent space: between samples or pictures, without an end, or one coordinate at a time.

    Without --seeds and --points the walk is a smooth closed one, whose every frame is a draw like any other.
    """

    run: Annotated[Path, POSITIONAL]
    """Run folder, a generator's .safetensors file, or the name of a generator that comes with gansmith."""
    seeds: str | None = None
    """From the first sample of one seed to the next, along arcs of the noise: 1-5,9."""
    points: Path | None = None
    """From one point of a .safetensors file of gansmith invert or edit to the next."""
    seed: int = 0
    """Of the endless walk, or of the person that --coordinates shows."""
    frames: Count = 160
    """Frames of the endless walk; or from one stop to the next, 24 unless said."""
    fps: Positive = 20.0
    """Frames a second."""
    closed: bool = True
    """Go back from the last stop to the first, so that the animation has no end."""
    truncation: float = 1.0
    """Below 1: less variety, more typical samples."""
    coordinates: str | None = None
    """z, w or codes, with commas between them: instead of a walk a strip for each coordinate that moves attributes
    most, and numbers of how entangled they are; needs `gansmith directions`."""
    generator: Literal["last", "best", "raw"] = "last"
    """The one of the last checkpoint, the best one by the run's metric, or the last one as trained, not averaged."""
    trust: bool = False
    """Import code of its own that the run or the file names."""
    out: Path = Path("walk.gif")
    """FILE.gif, .apng or .webp, what lies there is written over; with --coordinates a new folder."""


def main(arguments: list[str]) -> None:
    """Walk, and say where the pictures are."""
    w = parse(Walk, "walk", arguments)
    if w.seeds is not None and w.points is not None:
        raise GansmithError(f"--seeds {w.seeds} --points {w.points}: use one of them")
    seeds = None if w.seeds is None else seeds_in(w.seeds)
    from gansmith.latent.walks.animation import check_animation
    from gansmith.runs.loading import load

    if w.coordinates is not None:
        _coordinates(w)
        return
    check_animation(w.out)
    from gansmith.runs.walking import walk

    gan = load(w.run, generator=w.generator, trust=w.trust)
    frames = 24 if w.frames == Walk.frames and (seeds or w.points) else w.frames
    walk(gan, w.out, seeds, w.points, w.seed, frames, w.fps, w.closed, w.truncation)
    print(w.out)


def _coordinates(w: Walk) -> None:
    out = Path("coordinates") if w.out == Walk.out else w.out
    if out.suffix or out.is_file() or (out.is_dir() and any(out.iterdir())):
        raise GansmithError(f"--out {out}: strips need a new folder")
    from gansmith.runs.loading import load
    from gansmith.runs.walking import traverse

    gan = load(w.run, generator=w.generator, trust=w.trust)
    _show(traverse(gan, named(w.coordinates), out, w.seed, w.truncation))
    print(out)


def _show(traversals: list[Traversal]) -> None:
    from gansmith.cli.tables import figure, show

    rows = [[one.which, *map(figure, one.numbers)] for one in traversals]
    header = ["", "disentanglement", "completeness", "informativeness", "MIG"]
    show("Entangled or not", header, rows, "1: each coordinate moves one attribute, each attribute has one coordinate")
    for one in traversals:
        rows = [
            [name, ", ".join(f"{one.attributes[i]} {float(row[i]):.2f}" for i in row.argsort(descending=True)[:4])]
            for name, row in zip(one.names, one.moved, strict=True)
        ]
        show(f"Coordinates of {one.which}", ["", "moves, mean |change| from -2 to 2"], rows)
