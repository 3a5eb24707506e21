"""Which tests take longest, and which of them `make test` leaves to `make test-all`.

    make test-all                   # on a quiet machine of two cores: pytest writes down what each test takes
    python benchmarks/slowest.py    # writes tests/slow.txt and the list in CONTRIBUTING.md

Two tests run side by side, so that half of their sum is what all of them take. What takes longest is left out of
`make test` until the rest fits the budget; the fastest of every file stays in. What its own file marks as slow is out
anyway.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
RECORDS = ROOT / "build"
SLOW = ROOT / "tests" / "slow.txt"
Times = dict[str, float]
BUDGET = 960.0
"""Seconds of one core for the tests of `make test`: two cores for eight minutes, and two are for the rest."""
PAGE = ROOT / "CONTRIBUTING.md"
BEGIN, END = "<!-- slowest -->", "<!-- /slowest -->"


def measured(record: str) -> Times:
    """Return what tests and examples of docstrings took in a run of pytest, by their names.

    Raises:
        SystemExit: if there was no such run.
    """
    path = RECORDS / record
    if not path.is_file():
        raise SystemExit(f"{path} is not there: run make test-all first")
    found: Times = {}
    for case in ElementTree.parse(path).iter("testcase"):
        file = f"{case.get('classname', '').replace('.', '/')}.py"
        if (ROOT / file).is_file():
            found[f"{file}::{case.get('name')}"] = float(case.get("time") or 0)
    return found


def listed() -> set[str]:
    """Return the tests that the list leaves out already."""
    return {line.split(maxsplit=1)[1] for line in SLOW.read_text(encoding="utf-8").splitlines()}


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
    times, later = measured("tests.xml"), measured("slow.xml")
    times, marked = times | later, later.keys() - listed()
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
    """Write both lists."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--budget", type=float, default=BUDGET)
    write(arguments.parse_args().budget)


if __name__ == "__main__":
    main()
