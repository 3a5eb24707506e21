"""Mutation testing: do the tests of a room notice small wrong edits of its code?

    python benchmarks/mutation.py                          # 400 mutants of seed 1: an hour or two of one core
    python benchmarks/mutation.py --seed 7 --count 30      # others
    python benchmarks/mutation.py --edits                  # wrong edits of wiring, written down by hand
    python benchmarks/mutation.py --again                  # those that survived, after the tests have changed

A mutant is one edit: a comparison, an operator, a sign, a constant, a condition, a call left out, two arguments
exchanged. So many are drawn from every room as its share of all that there could be. Each is put into a copy of the
repository and faces those tests of its own room, doctests included, that run its line, a file at a time and the
fastest first, until one fails; a default of a setting faces the golden texts first. Each is a fork of a process that
has imported torch, which takes longer than most tests do: cosmic-ray begins anew for each mutant, and mutmut puts all
of a function's mutants behind one door that torch's compiler cannot look through; neither draws a sample by room and
seed.

What has been played is kept in build/mutants, so that a run that was stopped goes on; the list of survivors with the
score is written to docs/mutants.md. The reasons why a survivor is no other program stand in `mutants/equivalent.py`.
"""

from __future__ import annotations

import argparse
import itertools
import json
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

from mutants.draw import ROOMS, Mutant, drawn
from mutants.edits import EDITS
from mutants.equivalent import EQUIVALENT
from mutants.play import GOLDEN, Seat, Test, facing

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "build/mutants"
LIST = ROOT / "docs/mutants.md"


def main() -> None:
    """Play, and write the list."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--count", type=int, default=400)
    arguments.add_argument("--rooms", nargs="*", default=list(ROOMS), help="play these rooms alone, in this order")
    arguments.add_argument("--edits", action="store_true", help="play the edits that are written down by hand")
    arguments.add_argument("--again", action="store_true", help="play those again that survived")
    arguments.add_argument("--minutes", type=float, default=120.0, help="stop after so long; the next run goes on")
    arguments.add_argument(
        "--list", action="store_true", help="write the list of what has been played, and play nothing"
    )
    given = arguments.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    if given.edits:
        play_edits()
        return
    chosen = drawn(ROOT, given.count, given.seed)
    record = KEPT / f"seed-{given.seed}-of-{given.count}.jsonl"
    if not given.list:
        play(chosen, record, given.rooms, given.again, time.monotonic() + 60 * given.minutes)
    played = read(record)
    text = told(chosen, played, given.seed)
    print(text[: text.index("\n## ")] if "\n## " in text else text)
    if given.seed == 1:
        LIST.write_text(text, encoding="utf-8")


def read(record: Path, first: bool = False) -> dict[str, str]:
    """Return what became of mutants, by their keys: the last word counts, or what was said at first."""
    lines = record.read_text().splitlines() if record.exists() else []
    return {one["key"]: one["result"] for one in map(json.loads, reversed(lines) if first else lines)}


def play(chosen: Sequence[Mutant], record: Path, rooms: Sequence[str], again: bool, end: float) -> None:
    """Play all mutants that have not been played, a line each into the record."""
    done = read(record)
    left = [m for m in chosen if m.room in rooms and (m.key not in done or (again and done[m.key] == "survived"))]
    with tempfile.TemporaryDirectory(prefix="mutants-") as place, record.open("a") as file:
        seat = Seat(ROOT, Path(place))
        for room in rooms:
            play_room(seat, [m for m in left if m.room == room], KEPT / f"tests-{room}.json", file, end)


def play_room(seat: Seat, left: list[Mutant], kept: Path, record: TextIO, end: float) -> None:
    """Let a room's mutants face a file of tests after another, until none is left or all have been faced."""
    faced: dict[str, int] = defaultdict(int)
    seconds: dict[str, float] = defaultdict(float)
    golden = [Test(name, 0.0, {}) for name in GOLDEN]
    for tests in itertools.chain([golden], seat.tests(left[0].room, [*left], kept) if left else []):
        for mutant in [*left]:
            against = [one for one in golden if mutant.default] if tests is golden else facing(mutant, tests, ROOT)
            if not against:
                continue
            if time.monotonic() > end:
                return
            began = time.monotonic()
            with seat.wrong(mutant.path, mutant.put_in):
                result = seat.notices(against)
            faced[mutant.key] += len(against)
            seconds[mutant.key] += time.monotonic() - began
            if result != "survived":
                left.remove(mutant)
                write(record, mutant, result, faced, seconds)
        if not left:
            return
    for mutant in left:
        write(record, mutant, "survived", faced, seconds)


def write(record: TextIO, mutant: Mutant, result: str, faced: Mapping[str, int], seconds: Mapping[str, float]) -> None:
    """Write down what became of a mutant, and say so."""
    line = {"key": mutant.key, "result": result, "tests": faced[mutant.key], "seconds": seconds[mutant.key]}
    print(json.dumps(line), file=record, flush=True)
    print(f"{result:9}{line['tests']:5} tests {line['seconds']:6.1f} s  {mutant.path}:{mutant.line}", flush=True)


def play_edits() -> None:
    """Put in the edits of wiring one at a time; say which tests of its own room fail, and exit with 1 if none does."""
    passed = []
    with tempfile.TemporaryDirectory(prefix="mutants-") as place:
        seat = Seat(ROOT, Path(place))
        if (
            seat.notices([Test(name, 60.0, {}) for name in dict.fromkeys(n for e in EDITS for n in e.tests)])
            != "survived"
        ):
            raise SystemExit("tests fail without any edit")
        for edit in EDITS:
            tests = [Test(name, 60.0, {}) for name in edit.tests]
            with seat.wrong(edit.path, edit.put_in):
                result = seat.notices(tests)
            print(f"{result:9} {edit.what}", flush=True)
            if result == "survived":
                passed.append(edit.what)
    told = f"{len(EDITS) - len(passed)} of {len(EDITS)} are noticed"
    (KEPT / "edits.txt").write_text(told)
    print(told)
    if passed:
        raise SystemExit(1)


def told(chosen: Sequence[Mutant], played: Mapping[str, str], seed: int) -> str:
    """Return the score by room, and every survivor, as a page."""
    results = Counter((m.room, played[m.key]) for m in chosen if m.key in played)
    survivors = [m for m in chosen if played.get(m.key) == "survived"]
    total, dead = sum(results.values()), sum(n for (_, result), n in results.items() if result != "survived")
    called = [m for m in survivors if m.told((ROOT / m.path).read_bytes()) in EQUIVALENT]
    lines = [
        "# Mutants\n",
        f"{len(chosen)} small wrong edits are drawn with seed {seed} (`python benchmarks/mutation.py`); {total} of "
        f"them have been played, and the tests of their own rooms notice {dead}: {dead / max(total, 1):.1%}. "
        f"{len(called)} of the {len(survivors)} survivors are the same program; their reasons stand beside them.\n",
    ]
    if others():
        lines.append(f"{others()}\n")
    if total < len(chosen):
        lines.append(
            f"{len(chosen) - total} are still to be played. In a room that is not whole those come first that are "
            "noticed: only the share of a whole room says how good its tests are.\n"
        )
    lines.append("| room | drawn | played | noticed |\n| --- | --- | --- | --- |")
    drawn_of = Counter(m.room for m in chosen)
    for room in ROOMS:
        survived = results[room, "survived"]
        whole = sum(n for (one, _), n in results.items() if one == room)
        lines.append(f"| {room} | {drawn_of[room]} | {whole} | {whole - survived} |")
    lines.append("\n## Survivors\n\n`python benchmarks/mutation.py --again` plays them once more.\n")
    for mutant in sorted(survivors, key=lambda m: (m.path, m.start)):
        edit = mutant.told((ROOT / mutant.path).read_bytes())
        reason = f" (equivalent: {EQUIVALENT[edit]})" if edit in EQUIVALENT else ""
        lines.append(f"- {mutant.path}, line {mutant.line}, {mutant.kind}{reason}\n\n        {edit}\n")
    return "\n".join(lines) + "\n"


def others() -> str:
    """Return a sentence for each other draw that has been played, and for the edits that are written down."""
    told = []
    for record in sorted(KEPT.glob("seed-*-of-*.jsonl")):
        _, seed, _, count = record.stem.split("-")
        chosen = drawn(ROOT, int(count), int(seed)) if seed != "1" else []
        played = [{m.key: each[m.key] for m in chosen if m.key in each} for each in (read(record, True), read(record))]
        if chosen and len(played[1]) == len(chosen):
            at_first, now = (sum(result != "survived" for result in each.values()) for each in played)
            more = f", and {now} since tests were added for those that survived" if now > at_first else ""
            told.append(f"Of {len(chosen)} others, drawn with seed {seed}, {at_first} are noticed{more}.")
    if (KEPT / "edits.txt").exists():
        told.append(f"Of the wrong edits of wiring that are written down by hand, {(KEPT / 'edits.txt').read_text()}.")
    return " ".join(told)


if __name__ == "__main__":
    main()
