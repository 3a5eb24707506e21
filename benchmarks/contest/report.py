"""What a contest found, for a terminal and for docs/performance.md."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path

from contest.measure import Found
from gansmith.cli.tables import markdown
from gansmith.files import write_atomically

HEADER = ["side", "ms per step", "× plain", "of the peak", "MiB", "second step, s", "weights apart", "remarks"]
DOCS = Path(__file__).parents[2] / "docs"


def row(found: Found, name: str, peak: float) -> list[str]:
    """Return a side's line of the table."""
    if name not in found.milliseconds:
        return [name, *[""] * 6, found.remarks[name]]
    own = found.milliseconds[name]
    return [
        name,
        spread(own, 2),
        spread(found.ratios(name), 2),
        f"{found.gigaflops / (statistics.median(own) / 1000) / peak:.0%}",
        f"{found.memory[name]:.0f}",
        f"{found.first[name]:.1f}",
        f"{found.apart[name]:.0e}" if name in found.apart else "",
        found.remarks.get(name, ""),
    ]


def tables(found: Sequence[Found], peak: float, about: str) -> str:
    """Return the page: a table per work, and what was measured how."""
    parts = [about]
    for work in found:
        skipped = [name for name in work.remarks if name not in work.milliseconds]
        rows = [row(work, name, peak) for name in [*work.milliseconds, *skipped]]
        parts += [f"**{work.title}**, {work.gigaflops:.3g} GFLOP a step", markdown(HEADER, rows)]
        told = [f"{what} costs {spread(percent, 1)} %" for what, percent in work.costs.items()]
        if told:
            parts.append("; ".join(told) + ".")
    return "\n\n".join(part.strip() for part in parts) + "\n"


def write_page(text: str, name: str, page: str = "performance.md") -> None:
    """Put a text between the markers of its name in a page of docs, or at its end where there are none yet."""
    begin, end = f"<!-- {name}: written by a benchmark -->", f"<!-- end of {name} -->"
    path = DOCS / page
    old = path.read_text(encoding="utf-8") if path.exists() else f"# {path.stem.capitalize()}\n"
    if begin in old and end in old:
        before, after = old.split(begin, 1)[0], old.split(end, 1)[1]
    else:
        before, after = f"{old.rstrip()}\n\n", "\n"
    whole = f"{before}{begin}\n\n{text.strip()}\n\n{end}{after}"
    write_atomically(path, lambda temporary: temporary.write_text(whole, encoding="utf-8"))


def spread(values: Sequence[float], places: int) -> str:
    """Return median and range."""
    low, middle, high = (f"{pick(values):.{places}f}" for pick in (min, statistics.median, max))
    return f"{middle} ({low}–{high})"
