"""Twenty scripted edits, judged by networks that the edits were not made against. The table of docs/editing.md.

    python benchmarks/edits.py faces RUN --sheet edits.png           # 14 edits of portraits; RUN makes digits: 6 more
    python benchmarks/edits.py faces --lesson 3000 --shown 20000     # small

What is real is judged by a discriminator that learns here, anew, from data and samples; what an edit names, by a
network that learns attributes or digits here, of another width and seed than any that gansmith keeps. The people are
the first samples that have not what is asked for.
"""

from __future__ import annotations

import argparse
import io
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from PIL import Image, ImageDraw
from torch import Tensor
from verdicts import discriminator_of

import gansmith
from gansmith.cli.tables import markdown
from gansmith.data.dataset import first
from gansmith.generators.pictures import grid
from gansmith.generators.trained import TrainedGenerator
from gansmith.latent import (
    Constraints,
    Coordinates,
    Editing,
    Space,
    Weights,
    edit,
    learn_predictor,
    lesson_of,
)
from gansmith.latent.editing.constraints import Layer, read_layer, widened
from gansmith.latent.editing.judge import judge_of
from gansmith.runs.real import real_data

CANVAS = 256
PEOPLE = 2**44  # seed of the samples that are edited
DARK, SKIN = (25, 22, 26), (120, 76, 50)
Draw = Callable[[ImageDraw.ImageDraw], None]


@dataclass(frozen=True)
class Job:
    """An edit: what is painted on a canvas of 256 pixels, what it names, and whether it shall be there."""

    name: str
    draw: Draw
    attribute: str | None = None
    edges: bool = False


def hair(colour: tuple[int, int, int]) -> Draw:
    return lambda d: d.arc((68, 30, 188, 152), 185, 355, fill=colour, width=26)


def glasses(d: ImageDraw.ImageDraw) -> None:
    for box in ((82, 108, 120, 142), (136, 108, 174, 142)):
        d.ellipse(box, outline=DARK, width=7)
    d.line((120, 122, 136, 122), fill=DARK, width=6)


def smile(d: ImageDraw.ImageDraw) -> None:
    d.chord((100, 138, 156, 182), 0, 180, fill=(250, 250, 250), outline=(150, 50, 50), width=6)


def hat(d: ImageDraw.ImageDraw) -> None:
    d.chord((66, 22, 190, 140), 180, 360, fill=(60, 90, 160))
    d.rectangle((52, 76, 204, 90), fill=(60, 90, 160))


def beard(d: ImageDraw.ImageDraw) -> None:
    d.chord((88, 120, 168, 204), 20, 160, fill=(70, 45, 30))


def cheeks(d: ImageDraw.ImageDraw) -> None:
    for box in ((84, 142, 104, 160), (152, 142, 172, 160)):
        d.ellipse(box, fill=(240, 120, 120))


def skin(d: ImageDraw.ImageDraw) -> None:
    d.rectangle((108, 92, 148, 104), fill=SKIN)
    for box in ((94, 140, 112, 162), (144, 140, 162, 162)):
        d.ellipse(box, fill=SKIN)


def lips(d: ImageDraw.ImageDraw) -> None:
    d.ellipse((108, 160, 148, 174), fill=(200, 30, 60))


def long_hair(d: ImageDraw.ImageDraw) -> None:
    for box in ((52, 100, 76, 210), (180, 100, 204, 210)):
        d.rectangle(box, fill=(90, 55, 30))


PORTRAITS = [
    Job("brown hair", hair((100, 60, 30)), "Brown_Hair"),
    Job("brown hair", hair((100, 60, 30)), "Brown_Hair"),
    Job("black hair", hair((28, 24, 26)), "Black_Hair"),
    Job("blond hair", hair((236, 200, 90)), "Blond_Hair"),
    Job("gray hair", hair((190, 190, 195)), "Gray_Hair"),
    Job("red hair", hair((200, 90, 40)), "Red_Hair"),
    Job("glasses", glasses, "Eyeglasses"),
    Job("glasses, as edges", glasses, "Eyeglasses", edges=True),
    Job("a smile", smile, "Smiling"),
    Job("a hat", hat, "Wearing_Hat"),
    Job("a beard", beard, "-No_Beard"),
    Job("red cheeks", cheeks, "Rosy_Cheeks"),
    Job("darker skin", skin, "Skin_Tone"),
    Job("long hair", long_hair, "Hair_Length"),
]


def line(*xy: float, width: int = 26) -> Draw:
    return lambda d: d.line(xy, fill=(255, 255, 255), width=width, joint="curve")


DIGITS: list[tuple[str, str, Draw | None, str]] = [
    ("3", "a 3 closed to an 8", line(96, 70, 84, 100, 110, 124, 84, 150, 92, 184), "8"),
    ("2", "a 2 thickened", None, "2"),
    ("1", "a 1 barred to a 7", line(80, 64, 150, 60), "7"),
    ("4", "a 4 closed to a 9", line(90, 70, 128, 52, 160, 70), "9"),
    ("0", "a 0 tied to an 8", line(96, 124, 160, 124), "8"),
    ("5", "a 5 closed to a 6", line(90, 120, 84, 150, 96, 184), "6"),
]


def layer_of(draw: Draw, gan: TrainedGenerator) -> Layer:
    """Return what is drawn on a canvas as a layer."""
    canvas, file = Image.new("RGBA", (CANVAS, CANVAS)), io.BytesIO()
    draw(ImageDraw.Draw(canvas))
    canvas.save(file, "PNG")
    return read_layer(file.getvalue(), gan.shape)


class Court:
    """A generator's samples, and two judges of them that learn here."""

    def __init__(self, run: str, lesson: int, shown: int) -> None:
        self.gan = gansmith.load(run)
        self.coordinates = Coordinates(Space(self.gan))
        data = real_data(self.gan, None)
        learnt = lesson_of(data)
        rows = torch.randperm(len(learnt.images), generator=torch.Generator().manual_seed(5))[:lesson]
        self.names = learnt.names
        self.reader = learn_predictor(learnt.images[rows], learnt.attributes[rows], learnt.names, 5, shown, 16)
        told = self.reader.scores.accuracy
        print(f"{run}: attributes told right of images not seen: {float(told.mean()):.1%}", flush=True)
        real = torch.cat([batch.x for batch in first(data, lesson)])
        self.points = self.coordinates.space.drawn(1000, PEOPLE)
        self.samples = self.coordinates.space.images(self.points)
        others = self.coordinates.space.images(self.coordinates.space.drawn(lesson, PEOPLE + 1))
        self.real = discriminator_of(real, others, shown)
        self.verdicts = self.real.logits(self.samples)[:, 0]
        self.told = self.reader.logits(self.samples).sigmoid()
        self.optimised = judge_of(self.gan)

    def person(self, has: str | None, not_: str | None, turn: int) -> int:
        """Return a sample that has one attribute and not another."""
        fits = torch.ones(len(self.points), dtype=torch.bool)
        for name, sign in ((has, 1), (not_, -1)):
            if name is not None:
                p = self.told[:, self.names.index(name.removeprefix("-"))]
                p = 1 - p if name.startswith("-") else p
                fits &= p > 0.8 if sign > 0 else p < 0.2
        rows = fits.nonzero()[:, 0]
        return int(rows[turn % len(rows)]) if len(rows) else turn

    def tried(
        self, name: str, constraints: Constraints, i: int, wanted: str | None
    ) -> tuple[list[str], list[Tensor], list[bool]]:
        """Return a row, the pictures, and which of the demands are met."""
        begun = time.process_time()
        made = edit(self.coordinates, self.points[i : i + 1], constraints, Weights(), self.optimised)
        busy = time.process_time() - begun
        low, high = self.verdicts.quantile(0.05), self.verdicts.quantile(0.95)
        verdict = self.real.logits(made.after[None])[0, 0]
        agrees, p = True, ""
        if wanted is not None:
            k, negative = self.names.index(wanted.removeprefix("-")), wanted.startswith("-")
            before, after = self.reader.logits(torch.stack([made.before, made.after])).sigmoid()[:, k].tolist()
            agrees = after < 0.5 if negative else after > 0.5
            if "3" in self.names:  # digits exclude each other: the one that is told
                agrees = int(self.reader.logits(made.after[None]).argmax()) == k
            p = f"{before:.2f} → {after:.2f}"
        fallen = min(made.fallen.values())
        met = [fallen >= 0.6, made.elsewhere < 0.5, bool(low <= verdict <= high), agrees]
        place = float((self.verdicts < verdict).double().mean())
        marks = ["" if one else " ✗" for one in met]
        cells = [f"{fallen:.0%}", f"{made.elsewhere:.2f}", f"{place:.0%}", p]
        row = [
            name,
            *(cell + mark for cell, mark in zip(cells, marks, strict=True)),
            f"{made.seconds:.2f}",
            f"{busy:.2f}",
        ]
        print(" | ".join(row), flush=True)
        return row, [made.before, constraints.shown_on(made.before), made.after], met


def portraits(court: Court) -> list[tuple[list[str], list[Tensor], list[bool]]]:
    """Return what became of the edits of portraits."""
    found = []
    for turn, job in enumerate(PORTRAITS):
        layer = layer_of(job.draw, court.gan)
        wanted = job.attribute if (job.attribute or "").removeprefix("-") in court.names else None
        constraints = Constraints(edges=layer) if job.edges else Constraints(strokes=layer)
        found.append(court.tried(job.name, constraints, court.person(None, wanted, turn), wanted))
    return found


def digits(court: Court) -> list[tuple[list[str], list[Tensor], list[bool]]]:
    """Return what became of the edits of digits."""
    found = []
    for turn, (has, name, draw, wanted) in enumerate(DIGITS):
        i = court.person(has, None, turn)
        constraints = thickened(court.samples[i]) if draw is None else Constraints(strokes=layer_of(draw, court.gan))
        found.append(court.tried(name, constraints, i, wanted))
    return found


def thickened(picture: Tensor) -> Constraints:
    """Return the constraint that a digit be a pixel thicker on each side."""
    ink = (picture[0] > 0).float()
    thick = widened(ink, 1)
    return Constraints(strokes=Layer(torch.ones_like(picture), (thick - ink).clamp(min=0)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", help="made of portraits, or of labelled digits")
    parser.add_argument("--lesson", type=int, default=10_000, help="pictures that judges learn from")
    parser.add_argument("--shown", type=int, default=100_000, help="pictures they see in all")
    parser.add_argument("--sheet", type=Path, help="FILE.png: before, what is painted, after")
    asked = parser.parse_args()
    found, sheets = [], []
    for run in asked.runs:
        court = Court(run, asked.lesson, asked.shown)
        part = digits(court) if "3" in court.names else portraits(court)
        found += part
        sheets.append((asked.sheet and asked.sheet.with_name(f"{asked.sheet.stem}-{court.gan.name}.png"), part))
    header = ["edit", "error fell by", "elsewhere", "verdict's place", "classifier", "s", "of the processor"]
    print("\n" + markdown(header, [row for row, _, _ in found]))
    for i, what in enumerate(
        ("error fell by 60 %", "elsewhere below half", "verdict in the middle 90 %", "classifier agrees")
    ):
        print(f"{what}: {sum(met[i] for _, _, met in found)} of {len(found)}")
    constraints = Constraints(strokes=layer_of(glasses, court.gan))
    editing, clocks = Editing(court.coordinates, court.points[:1], constraints), (time.perf_counter, time.process_time)
    times = []
    for _ in range(20):
        begun = [clock() for clock in clocks]
        editing.step()
        editing.picture()
        times.append([clock() - start for clock, start in zip(clocks, begun, strict=True)])
    step, work = (1000 * statistics.median(each) for each in zip(*times, strict=True))
    whole, busy = (statistics.median(float(row[i]) for row, _, _ in found) for i in (-2, -1))
    print(
        f"one step and its picture: {step:.0f} ms, {work:.0f} of the processor; a full edit: {whole:.2f} s, {busy:.2f}"
    )
    for place, part in sheets:
        if place is not None:
            grid(torch.stack([x for _, pictures, _ in part for x in pictures]), 6, tile=128).save(place)


if __name__ == "__main__":
    main()
