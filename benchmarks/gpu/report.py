"""The page of a run on a GPU, from what its parts have written down; needs no torch."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gpu.notes import read

SPEED = [
    "side",
    "steps/s",
    "× plain fp32",
    "× plain, same precision",
    "peak MiB",
    "held MiB",
    "third step, s",
    "remark",
]
ABOUT_SPEED = (
    "Steps per second and ratios: median (least–most) over slices that all sides play in turn in one process. "
    "Peak: torch.cuda.max_memory_allocated from before a side is built to the end of its third step, where it is "
    "compiled; held: what it keeps of the card between steps, a launched graph's memory included. Neither counts the "
    "data and minibatches that all share."
)


def page(folder: Path) -> str:
    """Return the page as far as the parts have come."""
    rows = read(folder)
    parts = ["# gansmith on a GPU", *_about(rows), *_steps(folder), *_checks(rows)]
    works = {row["work"]: row for row in rows if row["kind"] == "work"}
    if works:
        parts += ["## Speed and memory", ABOUT_SPEED]
    for work, row in works.items():
        parts += [f"**{work}**: {row['title']}, batch {row['batch']}", _speed(rows, work)]
    return "\n\n".join(parts) + "\n"


def _about(rows: Sequence[dict[str, Any]]) -> list[str]:
    lines = [f"- {row['text']}" for row in rows if row["kind"] == "about"]
    return ["\n".join(lines)] if lines else []


def _steps(folder: Path) -> list[str]:
    path = folder / "steps.tsv"
    if not path.exists():
        return []
    rows = [line.split("\t") for line in path.read_text().splitlines()]
    return ["## Parts", _table(["part", "result", "s", "limit, s", "last line"], rows)]


def _checks(rows: Sequence[dict[str, Any]]) -> list[str]:
    found = [
        [row["part"], row["name"], row["result"], f"{row['seconds']:.1f}", row["remark"]]
        for row in rows
        if row["kind"] == "check"
    ]
    return ["## Checks", _table(["part", "check", "result", "s", "remark"], found)] if found else []


def _speed(rows: Sequence[dict[str, Any]], work: str) -> str:
    own = [row for row in rows if row.get("work") == work]
    timed = {row["side"]: row for row in own if row["kind"] == "timed"}  # the last time counts
    lines = []
    for opened in (row for row in own if row["kind"] == "opened"):
        name, remark = opened["side"], opened["remark"]
        row = timed.get(name)
        if row is None:
            told = f"{opened['result']}: {remark}" if remark else "opened, not timed"
            lines.append([name, *[""] * 6, told])
            continue
        speeds = [1000 / value for value in row["milliseconds"]]
        memory = ["–" if row[what] != row[what] else f"{row[what]:.0f}" for what in ("peak", "held")]
        ratios = [_spread(row[key]) if key in row else "" for key in ("to_fp32", "to_same")]
        lines.append([name, _spread(speeds), *ratios, *memory, f"{opened['seconds']:.1f}", remark])
    return _table(SPEED, lines)


def _spread(values: Sequence[float]) -> str:
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:.2f} ({low:.2f}–{high:.2f})"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    clean = [[" ".join(cell.replace("|", "/").split()) for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in [header, ["---"] * len(header), *clean])
