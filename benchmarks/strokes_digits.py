"""What a person with a paint program paints on a digit: from where its strokes end, with a pen as thick as its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from PIL import Image, ImageDraw
from torch import Tensor

from gansmith.latent import Constraints
from gansmith.latent.editing.constraints import Layer, widened

FINE = 8  # canvas pixels in a pixel of a digit
Point = tuple[float, float]


class Page:
    """A digit as whoever paints sees it: where its ink is, how thick the pen was, where strokes end."""

    def __init__(self, picture: Tensor) -> None:
        self.picture, self.ink = picture, picture[0] > 0
        self.side = picture.shape[-1]
        rows, columns = self.ink.any(dim=1).nonzero()[:, 0], self.ink.any(dim=0).nonzero()[:, 0]
        self.top, self.bottom = int(rows[0]), int(rows[-1])
        self.left, self.right = int(columns[0]), int(columns[-1])
        edge = self.ink.sum() - (-widened(-self.ink.float(), 1)).sum()  # pixels of ink beside none
        self.pen = max(2.0, 2 * float(self.ink.sum() / edge.clamp(min=1)))

    def part(self, top: float, bottom: float, left: float = 0.0, right: float = 1.0) -> list[Point]:
        """Return the pixels of ink, (x, y), in a part of the box around all ink, in shares of its sides."""
        high, wide = self.bottom - self.top + 1, self.right - self.left + 1
        return [
            (float(x), float(y))
            for y, x in self.ink.nonzero().tolist()
            if top <= (y - self.top + 0.5) / high <= bottom and left <= (x - self.left + 0.5) / wide <= right
        ]

    def painted(self, *curves: tuple[Point, ...], erased: Sequence[Point] = ()) -> Constraints:
        """Return strokes through points, and black over some pixels and around them, as what is asked for."""
        image = Image.new("L", (FINE * self.side,) * 2)
        draw, r = ImageDraw.Draw(image), FINE * self.pen / 2
        for points in curves:
            for x, y in smooth(points):
                x, y = FINE * (x + 0.5), FINE * (y + 0.5)
                draw.ellipse((x - r, y - r, x + r, y + r), fill=255)
        small = image.resize((self.side, self.side), Image.Resampling.BOX)
        cover = torch.tensor(list(small.tobytes())).reshape(self.side, self.side) / 255
        white, black = (cover > 0.2).float(), torch.zeros(self.side, self.side)
        for x, y in erased:
            black[int(y), int(x)] = 1
        return Constraints(strokes=Layer(2 * white[None] - 1, torch.where(white > 0, cover, widened(black, 1))))


def smooth(points: tuple[Point, ...], count: int = 24) -> list[Point]:
    """Return many points on a curve through a few (Catmull and Rom)."""
    p = torch.tensor([points[0], *points, points[-1]], dtype=torch.float64)
    t = torch.linspace(0, 1, count, dtype=torch.float64)[:, None]
    found = []
    for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False):
        curve = b + t * (c - a) / 2 + t**2 * (a - 2.5 * b + 2 * c - d / 2) + t**3 * (1.5 * (b - c) + (d - a) / 2)
        found += [(float(x), float(y)) for x, y in curve]
    return found


def leftmost(points: list[Point]) -> Point:
    return min(points)


def closed_3(page: Page) -> Constraints:
    """From the upper end over the waist to the lower end, bulging to the left."""
    upper, waist, lower = (leftmost(page.part(*rows)) for rows in ((0.0, 0.4), (0.4, 0.6), (0.6, 1.0)))
    left = min(upper[0], lower[0])
    high = (upper[0] / 2 + left / 2, (upper[1] + waist[1]) / 2)
    low = (lower[0] / 2 + left / 2, (lower[1] + waist[1]) / 2)
    return page.painted((upper, high, waist, low, lower))


def thickened(page: Page) -> Constraints:
    """A pixel thicker on each side."""
    ink = page.ink.float()
    return Constraints(strokes=Layer(torch.ones_like(page.picture), (widened(ink, 1) - ink).clamp(min=0)))


def barred_1(page: Page) -> Constraints:
    """A bar from the upper end to the left, about half as wide as the digit is high."""
    x, y = min(page.part(0.0, 0.15), key=lambda at: at[1])
    return page.painted(((x, y), (x - 0.55 * (page.bottom - page.top), y + 0.5)))


def closed_4(page: Page) -> Constraints:
    """An arch over the gap between both upper ends."""
    a, b = (min(page.part(0.0, 0.6, *columns), key=lambda at: at[1]) for columns in ((0.0, 0.4), (0.6, 1.0)))
    return page.painted((a, ((a[0] + b[0]) / 2, min(a[1], b[1]) - 1.0), b))


def crossed_0(page: Page) -> Constraints:
    """Both sides cross at the waist, and what was outside of it there is painted over."""
    upper, lower = page.part(0.3, 0.36), page.part(0.64, 0.7)
    down, up = (min(upper), max(lower)), (max(upper), min(lower))
    return page.painted(down, up, erased=page.part(0.42, 0.58))


def closed_5(page: Page) -> Constraints:
    """A curve from the top down to the bowl's lower end; stem and flag of the 5 are painted over."""
    begin, end = leftmost(page.part(0.35, 0.55)), leftmost(page.part(0.7, 1.0))
    top = ((page.left + page.right) / 2, float(page.top))
    left = min(begin[0], end[0]) - 0.5
    curve = (top, ((top[0] + left) / 2 - 0.5, (top[1] + begin[1]) / 2), (left, (begin[1] + end[1]) / 2), end)
    return page.painted(curve, erased=page.part(0.0, 0.3))


@dataclass(frozen=True)
class DigitJob:
    """An edit of a digit: what it is called, of which digit, what is painted, and which it shall be."""

    name: str
    of: str
    paints: Callable[[Page], Constraints]
    attribute: str


DIGITS = [
    DigitJob("a 3 closed to an 8", "3", closed_3, "8"),
    DigitJob("a 2 thickened", "2", thickened, "2"),
    DigitJob("a 1 barred to a 7", "1", barred_1, "7"),
    DigitJob("a 4 closed to a 9", "4", closed_4, "9"),
    DigitJob("a 0 crossed to an 8", "0", crossed_0, "8"),
    DigitJob("a 5 closed to a 6", "5", closed_5, "6"),
]
