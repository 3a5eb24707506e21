"""Which tests take longest, and which of them `make test` leaves to `make test-all`.

    python benchmarks/slowest.py                # measures what has not been measured; half an hour of one core in all
    python benchmarks/slowest.py --write        # writes tests/slow.txt and the list in CONTRIBUTING.md

A test's time is that of the processor, its own and that of processes it starts: other work on the machine does not
count. What takes longest is left out of `make test` until the rest fits the budget; the fastest of every file stays in.
What its own file marks as slow is out anyway.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "build" / "slowest.jsonl"
SLOW = ROOT / "tests" / "slow.txt"
Times = dict[str, float]
BUDGET = 840.0
"""Seconds of processor time for `make test`: two cores that are busy for seven minutes, and three are for the rest."""
PAGE = ROOT / "CONTRIBUTING.md"
BEGIN, END = "<!-- slowest -->", "<!-- /slowest -->"


def seconds() -> float:
    """Return the processor time of this process and of all that it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


class Watch:
    """Leaves out what is known, and writes down what each test takes."""

    def __init__(self, known: Times) -> None:
        self.known = known

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        self.marked = {item.nodeid for item in items if item.get_closest_marker("slow")}  # before the list marks more
        items[:] = [item for item in items if item.nodeid not in self.known]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: Any) -> Iterator[None]:
        before = seconds()
        result = yield
        with KEPT.open("a") as file:
            print(json.dumps([item.nodeid, round(seconds() - before, 2), item.nodeid in self.marked]), file=file)
        return result


def measured() -> tuple[Times, set[str]]:
    """Return what is known, by test, and which tests their own files mark."""
    rows = [json.loads(line) for line in KEPT.read_text().splitlines()] if KEPT.exists() else []
    return {name: time for name, time, _ in rows}, {name for name, _, marked in rows if marked}


def left_out(times: Times, budget: float) -> list[str]:
    """Return the tests that do not fit, the slowest first; the fastest of every file is none of them."""
    fastest: dict[str, str] = {}
    for name in times:
        file = name.partition("::")[0]
        fastest[file] = min(name, fastest.get(file, name), key=times.__getitem__)
    total, found = sum(times.values()), []
    for name in sorted(times, key=times.__getitem__, reverse=True):
        if total <= budget:
            break
        if name != fastest[name.partition("::")[0]]:
            found.append(name)
            total -= times[name]
    return found


def write(budget: float) -> None:
    """Write both lists."""
    times, marked = measured()
    slow = left_out({name: time for name, time in times.items() if name not in marked}, budget)
    SLOW.write_text("".join(f"{times[name]:7.1f}  {name}\n" for name in slow), encoding="utf-8")
    out = marked | set(slow)
    rows = [f"| {times[name]:.0f} | {'all' if name in out else ''} | `{name.removeprefix('tests/')}` |"
            for name in sorted(times, key=times.__getitem__, reverse=True)[:50]]  # fmt: skip
    text = PAGE.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    table = "\n".join(["| seconds | in | test |", "| --- | --- | --- |", *rows])
    PAGE.write_text(f"{head}{BEGIN}\n{table}\n{END}{tail}", encoding="utf-8")
    stay = sum(time for name, time in times.items() if name not in out)
    print(f"{len(times)} tests, {sum(times.values()):.0f} s; {len(out)} left to test-all, {stay:.0f} s stay")


def main() -> None:
    """Measure, or write."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("places", nargs="*", default=["tests", "src"])
    arguments.add_argument("--write", action="store_true", help="write the lists from what has been measured")
    arguments.add_argument("--budget", type=float, default=BUDGET)
    given = arguments.parse_args()
    if given.write:
        write(given.budget)
        return
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    os.chdir(ROOT)
    sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", "--tb=line", *given.places], plugins=[Watch(measured()[0])]))


if __name__ == "__main__":
    main()
