"""How sides are compared: all play in turn, and must have taken the same steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from contest.seat import Seat, Walked
from contest.works import WORKS, Skipped

TOLERANCE = 1e-4  # of how far the weights have moved


@dataclass
class Found:
    """The figures of one work, by side."""

    work: str
    batch: int
    milliseconds: dict[str, list[float]] = field(default_factory=dict)
    """Per step, slice by slice."""
    first: dict[str, float] = field(default_factory=dict)
    """Seconds to the second step."""
    memory: dict[str, float] = field(default_factory=dict)
    """MiB at most."""
    apart: dict[str, float] = field(default_factory=dict)
    """How far the weights are from the plain loop's after a few steps, as a part of how far those moved."""
    remarks: dict[str, str] = field(default_factory=dict)
    costs: dict[str, list[float]] = field(default_factory=dict)
    """By how many percent averaging, and journal and progress, make a step longer, slice by slice."""
    gigaflops: float = 0.0
    """Of one step, counting only the gradients that somebody uses if gansmith plays."""

    @property
    def title(self) -> str:
        """What is played."""
        return f"{WORKS[self.work][0]}, batch {self.batch}"

    def ratios(self, name: str, to: str = "plain") -> list[float]:
        """Return how many times faster than another a side was, round by round."""
        ours, theirs = self.milliseconds[name], self.milliseconds[to]
        return [other / own for own, other in zip(ours, theirs, strict=True)]


@dataclass(frozen=True)
class Terms:
    """What all sides of a contest share."""

    slices: int
    """That each side plays."""
    seconds: float
    """That a slice lasts, about."""
    batch: int | None
    """None for the work's own."""
    threads: int
    device: str


def contest(work: str, names: Sequence[str], terms: Terms) -> Found:
    """Let sides play a work in turn, and hold their steps against the first's."""
    batch = terms.batch or WORKS[work][1].training.batch
    found = Found(work, batch)
    with _seated(work, names, batch, terms) as seats:
        for name in list(seats):
            try:
                found.first[name], note = seats[name].open()
            except (ModuleNotFoundError, Skipped) as why:
                missing = f"{why.name} is not installed" if isinstance(why, ModuleNotFoundError) else str(why)
                note = f"skipped: {missing}"
                seats.pop(name).close()
            if note:
                found.remarks[name] = note
        found.milliseconds = in_turn(seats, terms.slices, terms.seconds)
        found.memory = {name: seat.memory() for name, seat in seats.items()}
        if "gansmith" in seats:
            found.costs = seats["gansmith"].costs(terms.slices, terms.seconds / 2)
        found.gigaflops = seats.get("gansmith", seats["plain"]).flops() / 1e9
        found.apart = apart({name: seat.walk() for name, seat in seats.items()})
    return found


@contextmanager
def _seated(work: str, names: Sequence[str], batch: int, terms: Terms) -> Iterator[dict[str, Seat]]:
    seats = {name: Seat(name, work, batch, terms.threads, terms.device) for name in names}
    try:
        yield seats
    finally:
        for seat in seats.values():
            seat.close()


class Plays(Protocol):
    """Somebody who plays steps and says how long they took."""

    def play(self, steps: int) -> float:
        """Play some steps; return milliseconds per step."""
        ...


def in_turn(seats: Mapping[str, Plays], slices: int, seconds: float) -> dict[str, list[float]]:
    """Return milliseconds per step. Who begins a round changes, lest somebody always play after the same neighbour."""
    names = list(seats)
    steps = {}
    for name, seat in seats.items():
        steps[name] = 2
        for _ in range(2):
            seat.play(steps[name])  # whoever compiles a slice as a whole does so for every length
            steps[name] = max(2, round(1000 * seconds / seat.play(steps[name])))
        seat.play(steps[name])
    played: dict[str, list[float]] = {name: [] for name in names}
    for i in range(slices):
        start = i % len(names)
        for name in names[start:] + names[:start]:
            played[name].append(seats[name].play(steps[name]))
    return played


def apart(walked: Mapping[str, Walked]) -> dict[str, float]:
    """Return how far from the first side's weights the others end, as a part of how far those have moved."""
    first, *others = walked
    before, ended = walked[first]
    assert ended is not None
    moved = max(float((p - q).abs().max()) for p, q in zip(ended, before, strict=True))
    distances = {}
    for name in others:
        after = walked[name].after
        if after is not None:
            distances[name] = max(float((p - q).abs().max()) for p, q in zip(after, ended, strict=True)) / moved
    return distances
