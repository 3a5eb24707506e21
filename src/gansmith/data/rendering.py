"""How all pictures of a set become samples of one shape: decided once, by a look at some of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import mean, median_low

from gansmith.data.source import Fit, Source
from gansmith.errors import GansmithError

NEAR = 1.52  # longer side by shorter one: 3:2 of a photograph, rounded
FEW = 0.1  # share of pictures beyond it that photographs may have among them


@dataclass(frozen=True)
class Look:
    """What some pictures of a set are, spread evenly over it."""

    sizes: tuple[tuple[int, int], ...]
    """Width and height of each."""
    gray: bool
    """Whether none of them holds colour."""

    @property
    def usual(self) -> str:
        """The size that most have, for people."""
        width, height = max(dict.fromkeys(self.sizes), key=self.sizes.count)
        return f"{width}x{height}"


@dataclass(frozen=True)
class Rendering:
    """What a picture is turned into: gray or in colour, `size` pixels wide and high."""

    size: int
    gray: bool
    fit: Fit = "crop"

    @property
    def channels(self) -> int:
        return 1 if self.gray else 3


def decide(look: Look, source: Source, network: Callable[[int], int], name: str) -> tuple[Rendering, list[str]]:
    """Return how pictures are rendered, and what that leaves out or changes, a line each.

    Args:
        look: at some of them.
        source: what the user says of it.
        network: maps the pictures' own side, that of most, to the one to train at.
        name: of the set.

    Raises:
        GansmithError: that asks, if too many are far from square.
    """
    fit = source.fit or _near(look, name)
    side = median_low([max(size) if fit != "crop" else min(size) for size in look.sizes])
    rendering = Rendering(source.image_size or network(side), look.gray, fit)
    return rendering, [*_told(look, rendering, side)]


def _near(look: Look, name: str) -> Fit:
    """Return what is done with pictures whose sides are near each other, or ask."""
    far = [size for size in look.sizes if max(size) > NEAR * min(size)]
    if len(far) > FEW * len(look.sizes):
        raise GansmithError(
            f"{name}: most pictures are {look.usual}, and samples are square: use --fit crop (the centre is kept), "
            "pad or stretch"
        )
    return "crop"


def _told(look: Look, rendering: Rendering, side: int) -> list[str]:
    lines = []
    oblong = [size for size in look.sizes if size[0] != size[1]]
    of = f"{len(oblong):,} of {len(look.sizes):,} pictures looked at are not square ({look.usual})"
    if oblong and rendering.fit == "crop":
        lost = [1 - min(size) / max(size) for size in oblong]
        lines.append(
            f"{of}: their centre is kept, without {mean(lost):.0%} of their pixels; --fit pad or stretch keeps all"
        )
    elif oblong:
        done = "stand on white" if rendering.fit == "pad" else "are stretched"
        lines.append(f"{of}: they {done}, as --fit {rendering.fit} says")
    smaller = sum(max(size) < side for size in look.sizes)
    if smaller:
        lines.append(f"{smaller:,} of {len(look.sizes):,} pictures looked at are smaller than {side} pixels: enlarged")
    return lines
