"""How all pictures of a set become samples of one shape: decided once, by a look at some of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import mean, median_low

from gansmith.data.shades import FLAT, Extremes, Shades, spans_of
from gansmith.data.source import KEPT, Fit, Source
from gansmith.errors import GansmithError

NEAR = 1.52  # longer side by shorter one: 3:2 of a photograph, rounded
FEW = 0.1  # share of pictures beyond it that photographs may have among them


@dataclass(frozen=True)
class Look:
    """What some pictures of a set are, spread evenly over it."""

    sizes: tuple[tuple[int, int], ...]
    """Width and height of each."""
    mode: str
    """"L" if none of them holds colour, else "RGB"; "RGBA" if alpha is kept and there is any."""
    extremes: Extremes = field(default_factory=Extremes)
    """The least and the largest numbers in some of them."""
    transparent: int = 0
    """How many of them have transparent pixels."""
    several: int = 0
    """How many of them hold more than one frame or page."""
    deep: int = 0
    """How many of them hold 16 bits a channel, of which 8 are read."""

    @property
    def usual(self) -> str:
        """The size that most have, for people."""
        width, height = max(dict.fromkeys(self.sizes), key=self.sizes.count)
        return f"{width}x{height}"


@dataclass(frozen=True)
class Rendering:
    """What a picture is turned into: `size` pixels wide and high, gray ("L"), in colour, or with alpha ("RGBA")."""

    size: int
    mode: str = "RGB"
    fit: Fit = "crop"
    shades: Shades = Shades()

    @property
    def channels(self) -> int:
        return len(self.mode)


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
    spans, lines = spans_of(look.extremes, source, name)
    _check_depth(look, source, name)
    shades = Shades(spans, source.background)
    rendering = Rendering(source.image_size or network(side), look.mode, fit, shades)
    return rendering, [*_told(look, rendering, side), *lines]


def _near(look: Look, name: str) -> Fit:
    """Return what is done with pictures whose sides are near each other, or ask."""
    far = [size for size in look.sizes if max(size) > NEAR * min(size)]
    if len(far) > FEW * len(look.sizes):
        raise GansmithError(
            f"{name}: most pictures are {look.usual}, and samples are square: use --fit crop (the centre is kept), "
            "pad or stretch"
        )
    return "crop"


def _check_depth(look: Look, source: Source, name: str) -> None:
    """Refuse colour of 16 bits whose numbers lie in the lower 8, which nothing here reads."""
    low, high = look.extremes.seen.get("bytes", (0, 255))
    if look.deep and source.values is None and high < FLAT * 255:
        raise GansmithError(
            f"{name}: pictures of 16 bits a channel, of which the upper 8 are read, and these run from {low:g} to "
            f"{high:g} alone: write 8 bits, or the numbers as an array, .npy (N, H, W, C); --values {low:g} {high:g} "
            "takes them as they are"
        )


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
        done = f"stand on {rendering.shades.background}" if rendering.fit == "pad" else "are stretched"
        lines.append(f"{of}: they {done}, as --fit {rendering.fit} says")
    smaller = sum(max(size) < side for size in look.sizes)
    if smaller:
        lines.append(f"{smaller:,} of {len(look.sizes):,} pictures looked at are smaller than {side} pixels: enlarged")
    if look.transparent:
        done = "it is kept" if rendering.shades.keeps_alpha else f"laid on {rendering.shades.background}"
        lines.append(
            f"{look.transparent:,} of {len(look.sizes):,} pictures looked at have an alpha channel: {done} "
            f"(--background, a colour or {KEPT})"
        )
    if look.deep:
        lines.append(
            f"{look.deep:,} of {len(look.sizes):,} pictures looked at hold 16 bits a channel: the upper 8 are read"
        )
    if look.several:
        lines.append(
            f"{look.several:,} of {len(look.sizes):,} pictures looked at hold several frames or pages: the first of "
            "each is taken"
        )
    return lines
