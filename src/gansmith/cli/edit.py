"""`gansmith edit RUN …`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from gansmith.cli.arguments import POSITIONAL, parse
from gansmith.errors import GansmithError
from gansmith.settings import Index, Range

if TYPE_CHECKING:
    from gansmith.runs.editing import Edited

Strength = Annotated[float, Range(least=0)]
ANIMATED = (".png", ".gif", ".apng", ".webp")


@dataclass(frozen=True)
class EditPicture:
    """Turn strokes, sketched edges and dragged points into the nearest picture that a generator can make.

    Layers are transparent PNGs, painted over the picture in any program: as large as a sample, a multiple of that
    (--canvas writes one to paint over), or as large as the picture of --from.
    """

    run: Annotated[Path, POSITIONAL]
    """Run folder, a generator's .safetensors file, or the name of a generator that comes with gansmith."""
    from_: Path | None = None
    """A picture of your own, whose nearest sample is edited."""
    seed: int = 0
    """Or the first sample of this seed."""
    points: Path | None = None
    """Or the first of the points in a .safetensors file of gansmith invert or edit."""
    truncation: float = 1.0
    """Of the seed's sample; below 1 it is a more typical one."""
    strokes: Path | None = None
    """A transparent PNG: the picture shall have these colours here."""
    edges: Path | None = None
    """A transparent PNG: brightness shall rise and fall as these lines do."""
    keep: Path | None = None
    """A transparent PNG: where anything is painted, the picture shall stay."""
    drag: str | None = None
    """Pixels of the sample from the left and the top, from where to where: 20,40:24,36;40,40:36,36."""
    strength: Strength = 12.0
    """How much strokes count beside what is not painted, which counts 7; edges count a third more."""
    steps: Index = 72
    """Steps of Adam."""
    starts: Index = 3
    """1 goes from the picture alone; more look ahead from samples as well that are near to what is asked."""
    generator: Literal["last", "best", "raw"] = "last"
    """The one of the last checkpoint, the best one by the run's metric, or the last one as trained, not averaged."""
    trust: bool = False
    """Import code of its own that the run or the file names."""
    canvas: Path | None = None
    """FILE.png: write the picture that would be edited, eight times as large, to paint over, and nothing else."""
    carry: Path | None = None
    """FILE.png: the picture of --from with the edit carried back to it."""
    path: Path | None = None
    """The way from before to after: FILE.png, a strip, or FILE.gif, .apng or .webp."""
    out: Path = Path("edited.png")
    """FILE.png, the edited picture; FILE-sheet.png and FILE.safetensors come beside it, and are written over."""


def main(arguments: list[str]) -> None:
    """Edit a picture, say what became of the constraints, and where it lies."""
    w = parse(EditPicture, "edit", arguments)
    _check(w)
    moves = [] if w.drag is None else moves_of(w.drag)
    from gansmith.latent import Coordinates, Space
    from gansmith.latent.editing.weights import Weights
    from gansmith.runs.editing import edit_picture, start_of, write_canvas
    from gansmith.runs.loading import load

    coordinates = Coordinates(Space(load(w.run, generator=w.generator, trust=w.trust)))
    start = start_of(coordinates, w.from_, w.seed, w.points, w.truncation)
    if w.canvas is not None:
        write_canvas(coordinates, start, w.canvas)
        print(w.canvas)
        return
    weights = Weights(strokes=w.strength, edges=w.strength * 4 / 3, steps=w.steps, starts=w.starts)
    made = edit_picture(coordinates, start, w.strokes, w.edges, w.keep, moves, weights)
    _tell(made)
    for place in made.write(w.out):
        print(place)
    for more, write in ((w.path, made.write_path), (w.carry, made.write_carried)):
        if more is not None:
            write(more)
            print(more)


def moves_of(text: str) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Return the moves that a text names.

    >>> moves_of("20,40:24,36;1,2:3,4.5")
    [((20.0, 40.0), (24.0, 36.0)), ((1.0, 2.0), (3.0, 4.5))]
    """
    moves = []
    for part in text.split(";"):
        found = re.fullmatch(r"\s*{n},{n}\s*:\s*{n},{n}\s*".format(n=r"(\d+(?:\.\d+)?)"), part)
        if found is None:
            raise GansmithError(f"--drag {text}: write X,Y:X,Y from where to where, with ; between several")
        x, y, to_x, to_y = map(float, found.groups())
        moves.append(((x, y), (to_x, to_y)))
    return moves


def _check(w: EditPicture) -> None:
    for flag, place, kinds in (
        ("out", w.out, (".png",)),
        ("canvas", w.canvas, (".png",)),
        ("carry", w.carry, (".png",)),
        ("path", w.path, ANIMATED),
    ):
        if place is not None and place.suffix not in kinds:
            raise GansmithError(f"--{flag} {place}: use {' or '.join(f'FILE{kind}' for kind in kinds)}")
    if w.carry is not None and w.from_ is None:
        raise GansmithError(f"--carry {w.carry}: there is no photograph to carry to, name one by --from")


def _tell(made: Edited) -> None:
    for line in made.told:
        print(line)
    if made.made is not None:
        fallen = ", ".join(f"{name} {share:.0%}" for name, share in made.made.fallen.items())
        print(
            f"error fallen by: {fallen}; elsewhere it moved {made.made.elsewhere:.2f} of what random samples differ "
            f"by; {made.made.steps} steps, {made.made.seconds:.2f} s"
        )
