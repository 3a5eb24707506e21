"""Twenty scripted edits, judged by networks that the edits were not made against. The table of docs/editing.md.

    python benchmarks/edits.py faces RUN --sheet edits.png           # 14 edits of portraits; RUN makes digits: 6 more
    python benchmarks/edits.py faces --lesson 3000 --shown 20000     # small

What is real is judged by a discriminator that learns here, anew, from data and samples; what an edit names, by a
network that learns attributes or digits here, of another width and seed than any that gansmith keeps. What is painted
is in strokes_portraits.py and strokes_digits.py. Who is edited: the first sample, each once, that has what makes the
edit sensible and not what it asks for, and whose verdict before it lies within the middle half; what becomes of it
plays no part.
"""

from __future__ import annotations

import argparse
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from sight import Eyes
from strokes_digits import DIGITS, Page
from strokes_portraits import PORTRAITS
from torch import Tensor
from verdicts import discriminator_of

import gansmith
from gansmith.cli.tables import markdown
from gansmith.data.dataset import first
from gansmith.generators.pictures import grid
from gansmith.latent import Constraints, Coordinates, Editing, Space, Weights, edit, learn_predictor, lesson_of
from gansmith.latent.editing.constraints import Layer
from gansmith.latent.editing.judge import judge_of
from gansmith.runs.real import real_data

PEOPLE = 2**44  # seed of the samples that are edited
ORDINARY = 3000  # samples, of which some are edited
FRESH = 1000  # pictures of the data that no judge has learnt from
HEADER = ["edit", "error fell by", "elsewhere", "verdict's place", "classifier", "s", "of the processor"]
DEMANDS = ("error fell by 60 %", "elsewhere below half", "verdict in the middle 90 %", "classifier agrees")


@dataclass(frozen=True)
class Tried:
    """What became of an edit: its row, before, painted and after, and which demands are met."""

    row: list[str]
    pictures: list[Tensor]
    met: list[bool]


class Court:
    """A generator's samples, and two judges of them that learn here."""

    def __init__(self, run: str, lesson: int, shown: int) -> None:
        self.gan = gansmith.load(run)
        self.coordinates = Coordinates(Space(self.gan))
        data = real_data(self.gan, None)
        learnt = lesson_of(data)
        rows = torch.randperm(len(learnt.images), generator=torch.Generator().manual_seed(5))[:lesson]
        self.names = learnt.names
        self.digits = "3" in self.names  # they exclude each other
        self.reader = learn_predictor(learnt.images[rows], learnt.attributes[rows], learnt.names, 5, shown, 16)
        told = self.reader.scores.accuracy
        print(f"{run}: attributes told right of images not seen: {float(told.mean()):.1%}", flush=True)
        real, fresh = torch.split(torch.cat([batch.x for batch in first(data, lesson + FRESH)]), [lesson, FRESH])
        self.points = self.coordinates.space.drawn(ORDINARY, PEOPLE)
        self.samples = self.coordinates.space.images(self.points)
        others = self.coordinates.space.images(self.coordinates.space.drawn(lesson, PEOPLE + 1))
        self.real = discriminator_of(real, others, shown)
        self.verdicts = self.real.logits(self.samples)[:, 0]
        above = self.real.logits(fresh)[:, 0] > self.verdicts.quantile(0.95)
        print(
            f"{run}: {float(above.double().mean()):.0%} of fresh pictures of the data above the middle 90 %", flush=True
        )
        self.told = self.reader.logits(self.samples).sigmoid()
        self.optimised = judge_of(self.gan)
        self.taken: set[int] = set()

    def chosen(self, wanted: tuple[str, ...]) -> int:
        """Return the first sample, not taken before, that has some attributes, and with − has not."""
        low, high = self.verdicts.quantile(0.25), self.verdicts.quantile(0.75)
        fits = (self.verdicts >= low) & (self.verdicts <= high)
        for name in wanted:
            p = self.told[:, self.names.index(name.removeprefix("-"))]
            few = float(p.quantile(0.8 if name[0] != "-" else 0.2))  # what is told in degrees is seldom certain
            fits &= p < min(max(few, 0.2), 0.5) if name[0] == "-" else p > max(min(few, 0.8), 0.5)
        found: int = next(i for i in fits.nonzero()[:, 0].tolist() if i not in self.taken)
        self.taken.add(found)
        return found

    def tried(self, name: str, constraints: Constraints, i: int, wanted: str) -> Tried:
        """Return what becomes of an edit of a sample."""
        begun = time.process_time()
        made = edit(self.coordinates, self.points[i : i + 1], constraints, Weights(), self.optimised)
        busy = time.process_time() - begun
        low, high = self.verdicts.quantile(0.05), self.verdicts.quantile(0.95)
        verdict = self.real.logits(made.after[None])[0, 0]
        k, negative = self.names.index(wanted.removeprefix("-")), wanted.startswith("-")
        told = self.reader.logits(torch.stack([made.before, made.after]))
        before, after = told.sigmoid()[:, k].tolist()
        agrees = int(told[1].argmax()) == k if self.digits else (after < 0.5) == negative
        fallen = min(made.fallen.values())
        met = [fallen >= 0.6, made.elsewhere < 0.5, bool(low <= verdict <= high), agrees]
        place = float((self.verdicts < verdict).double().mean())
        cells = [f"{fallen:.0%}", f"{made.elsewhere:.2f}", f"{place:.0%}", f"{before:.2f} → {after:.2f}"]
        marked = [cell + ("" if one else " ✗") for cell, one in zip(cells, met, strict=True)]
        row = [name, *marked, f"{made.seconds:.2f}", f"{busy:.2f}"]
        print(" | ".join(row), flush=True)
        return Tried(row, [made.before, constraints.shown_on(made.before), made.after], met)


def portraits(court: Court, eyes: Eyes) -> list[Tried]:
    """Return what became of the edits of portraits."""
    found = []
    for job in PORTRAITS:
        lacks = job.attribute.removeprefix("-") if job.attribute.startswith("-") else f"-{job.attribute}"
        i = court.chosen((*job.has, lacks))
        found.append(court.tried(job.name, job.constraints(court.samples[i], eyes), i, job.attribute))
    return found


def digits(court: Court) -> list[Tried]:
    """Return what became of the edits of digits."""
    found = []
    for job in DIGITS:
        i = court.chosen((job.of,))
        found.append(court.tried(job.name, job.paints(Page(court.samples[i])), i, job.attribute))
    return found


def timed(court: Court) -> str:
    """Return what a step and its picture take."""
    x = court.samples[0]
    strokes = Layer(torch.ones_like(x), (x[0] > 0.5).float())
    editing = Editing(court.coordinates, court.points[:1], Constraints(strokes=strokes))
    clocks, times = (time.perf_counter, time.process_time), []
    for _ in range(20):
        begun = [clock() for clock in clocks]
        editing.step()
        editing.picture()
        times.append([clock() - start for clock, start in zip(clocks, begun, strict=True)])
    step, work = (1000 * statistics.median(each) for each in zip(*times, strict=True))
    return f"one step and its picture: {step:.0f} ms, {work:.0f} of the processor"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", help="made of portraits, or of labelled digits")
    parser.add_argument("--lesson", type=int, default=10_000, help="pictures that judges learn from")
    parser.add_argument("--shown", type=int, default=100_000, help="pictures they see in all")
    parser.add_argument("--sheet", type=Path, help="FILE.png: before, what is painted, after")
    asked = parser.parse_args()
    found: list[Tried] = []
    for run in asked.runs:
        court = Court(run, asked.lesson, asked.shown)
        part = digits(court) if court.digits else portraits(court, Eyes(court.gan.shape[-1], 10_000))
        found += part
        whole, busy = (statistics.median(float(one.row[i]) for one in part) for i in (-2, -1))
        print(f"{run}: {timed(court)}; a full edit: {whole:.2f} s, {busy:.2f}")
        if asked.sheet is not None:
            place = asked.sheet.with_name(f"{asked.sheet.stem}-{court.gan.name}.png")
            grid(torch.stack([x for one in part for x in one.pictures]), 6, tile=128).save(place)
    print("\n" + markdown(HEADER, [one.row for one in found]))
    for i, what in enumerate(DEMANDS):
        print(f"{what}: {sum(one.met[i] for one in found)} of {len(found)}")


if __name__ == "__main__":
    main()
