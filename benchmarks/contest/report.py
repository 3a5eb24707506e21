"""What a contest found, for a terminal and for docs/performance.md."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gansmith.cli.tables import markdown
from gansmith.files import write_atomically

HEADER = ["side", "ms per step", "× plain", "of the peak", "MiB", "first step, s", "weights apart", "remarks"]
COSTS = {  # what costs as much more as the first of two sides takes longer than the second
    "averaging": ("gansmith + averaging", "gansmith"),
    "the journal with progress": ("gansmith", "gansmith - journal"),
}


START = """# Performance

gansmith beside the plain PyTorch loop and its peers, doing the same updates of the same networks on the same numbers.
`python benchmarks/speed.py --write` measures and writes the tables; its docstring says what is measured and how.
"""


@dataclass
class Found:
    """The figures of one work."""

    work: str
    title: str
    gigaflops: float
    """Of one step, counting only the gradients that somebody uses."""
    milliseconds: dict[str, list[float]]
    apart: dict[str, float]
    remarks: dict[str, str]
    alone: dict[str, dict[str, float]] = field(default_factory=dict)

    def ratios(self, name: str, to: str = "plain") -> list[float]:
        """Return how many times faster than another a side was, round by round."""
        ours, theirs = self.milliseconds[name], self.milliseconds[to]
        return [other / own for own, other in zip(ours, theirs, strict=True)]

    def row(self, name: str, peak: float) -> list[str]:
        """Return a side's line of the table."""
        if name not in self.milliseconds:
            return [name, *[""] * 6, self.remarks[name]]
        own = self.milliseconds[name]
        part = self.gigaflops / (statistics.median(own) / 1000) / peak
        alone = self.alone.get(name, {})
        return [
            name,
            spread(own, 2),
            spread(self.ratios(name), 2),
            f"{part:.0%}",
            f"{alone['memory']:.0f}" if alone else "",
            f"{alone['first step']:.1f}" if alone else "",
            f"{self.apart[name]:.0e}" if name in self.apart else "",
            self.remarks.get(name, ""),
        ]

    def costs(self) -> str:
        """Say what averaging and the journal cost, in percent of a step."""
        told = []
        for what, (dearer, cheaper) in COSTS.items():
            if {dearer, cheaper} <= self.milliseconds.keys():
                percent = [100 * (ratio - 1) for ratio in self.ratios(cheaper, to=dearer)]
                told.append(f"{what} costs {spread(percent, 1)} %")
        return "; ".join(told)


def tables(found: Sequence[Found], peak: float, about: str) -> str:
    """Return the page: a table per work, and what was measured how."""
    parts = [about]
    for work in found:
        rows = [work.row(name, peak) for name in [*work.milliseconds, *work.remarks.keys() - work.milliseconds.keys()]]
        parts += [f"**{work.title}**, {work.gigaflops:.3g} GFLOP a step", markdown(HEADER, rows)]
        parts += [f"{costs}." for costs in [work.costs()] if costs]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def write(page: str, path: Path, name: str) -> None:
    """Put a page between the markers of its name in a file, or at its end where there are none yet."""
    begin, end = f"<!-- {name}: written by benchmarks/speed.py -->", f"<!-- end of {name} -->"
    text = path.read_text(encoding="utf-8") if path.exists() else START
    if begin in text and end in text:
        before, after = text.split(begin, 1)[0], text.split(end, 1)[1]
    else:
        before, after = f"{text.rstrip()}\n\n", "\n"
    whole = f"{before}{begin}\n\n{page}\n{end}{after}"
    write_atomically(path, lambda temporary: temporary.write_text(whole, encoding="utf-8"))


def spread(values: Sequence[float], places: int) -> str:
    """Return median and range."""
    low, middle, high = (f"{pick(values):.{places}f}" for pick in (min, statistics.median, max))
    return f"{middle} ({low}–{high})"


def as_json(found: Sequence[Found], about: Mapping[str, Any]) -> dict[str, Any]:
    """Return everything as plain values."""
    return {**about, "works": [asdict(work) for work in found]}
