"""Does what the course promises happen when a recipe is run as it is? The tables of docs/defaults.md.

    python benchmarks/defaults.py --out runs/defaults --mnist mnist/train.parquet --jobs 2 [--only mixtures digits …]
    python benchmarks/defaults.py --out runs/defaults --write     # the tables of what has been run so far
    python benchmarks/defaults.py --out runs/defaults --sheets sheets --only pictures …     # samples of each run

Every cell is a command line at its defaults, played in a process of one thread, and kept: start again to go on. A
number is the median over seeds, with the range in brackets.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import torch
from contest.report import DOCS, write_page
from defaults_cells import PICTURES, Cell, cells
from defaults_page import tables
from judges import Digits, Numbers, attributes, line, mixture, obedience

import gansmith
from gansmith.files import write_atomically
from gansmith.generators.pictures import grid
from gansmith.generators.trained import TrainedGenerator

KEPT = DOCS / "defaults.json"
"""What was found, by cell and seed, so that seeds come together over time."""
LIMITS = {"others": 90.0, "pictures": PICTURES}
"""Seconds of one thread's training, by group; a run of pictures is measured after each quarter of them."""


def play(cell: Cell, seed: int, run: Path, digits: Digits | None) -> dict[str, Any]:
    """Train a cell and return what its judge found, its seconds and its warnings."""
    torch.set_num_threads(1)
    early: Numbers = {}
    watch: list[Any] = [_Early(digits, early)] if cell.judge == "alive" else []
    watch += [_Quarters(early, LIMITS[cell.group])] if cell.judge == "pictures" else []
    watch += [_Clock(LIMITS[cell.group])] if cell.group == "others" else []
    start = time.process_time()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        settings = dict(cell.changes) | {"seed": seed, "data": cell.data, "device": "cpu", "threads": 1}
        gan = gansmith.train(cell.recipe, run, quiet=True, callbacks=watch, evaluate_every=0, **settings)
    seconds = time.process_time() - start  # of one thread: what else the machine does is left out
    found = JUDGES[cell.judge](gan, cell, digits) | early
    return {"seconds": seconds, "warnings": [str(one.message) for one in caught], "step": gan.step, **found}


class _Early:
    """Looks at the samples of step 200, when nothing has been learnt."""

    def __init__(self, digits: Digits | None, found: Numbers) -> None:
        self.digits, self.found = digits, found

    def due(self, step: int, last: bool) -> bool:
        return step == 200

    def __call__(self, moment: Any) -> None:
        assert self.digits is not None
        self.found["sure at step 200"] = self.digits.confidence(moment.generator.sample(1000, seed=3))[0]


class _Quarters:
    """Measures KID after each quarter of so many seconds of one thread, measuring left out, and ends the run then."""

    def __init__(self, found: Numbers, limit: float) -> None:
        self.found, self.limit, self.start = found, limit, time.process_time()
        self.quarter = 1

    def due(self, step: int, last: bool) -> bool:
        return time.process_time() > self.start + self.limit * self.quarter / 4

    def __call__(self, moment: Any) -> None:
        before = time.process_time()
        minutes = self.limit * self.quarter / 4 / 60
        measured = gansmith.evaluate(moment.generator, samples=2500, device="cpu").metrics
        self.found |= {f"KID after {minutes:g} min": measured["kid"], f"step then, {minutes:g}": float(moment.step)}
        self.quarter, self.start = self.quarter + 1, self.start + time.process_time() - before
        if self.quarter > 4:
            moment.stop("its time is up")


class _Clock:
    """Stops a run after so many seconds of one thread's processor time."""

    def __init__(self, seconds: float) -> None:
        self.end = time.process_time() + seconds

    def due(self, step: int, last: bool) -> bool:
        return time.process_time() > self.end and not last

    def __call__(self, moment: Any) -> None:
        moment.stop("its time is up")


def _alive(gan: TrainedGenerator, cell: Cell, digits: Digits | None) -> Numbers:
    assert digits is not None
    sure, classes = digits.confidence(gan.sample(1000, seed=3))
    noise = digits.confidence(torch.rand(1000, 1, 28, 28) * 2 - 1)[0]
    return {"sure": sure, "classes": classes, "sure of noise": noise, **_metrics(gan, cell, digits)}


def _obeys(gan: TrainedGenerator, cell: Cell, digits: Digits | None) -> Numbers:
    assert digits is not None
    return obedience(gan, digits) | {"recall": _metrics(gan, cell, digits)["recall"]}


def _metrics(gan: TrainedGenerator, cell: Cell, digits: Digits | None) -> Numbers:
    found = gansmith.evaluate(gan, samples=2500, device="cpu").metrics
    return {name: found[name] for name in ("fid", "precision", "recall", "modes") if name in found}


def _line(gan: TrainedGenerator, cell: Cell, digits: Digits | None) -> Numbers:
    return line(gan, gan.discriminator)


def _mixture(gan: TrainedGenerator, cell: Cell, digits: Digits | None) -> Numbers:
    return mixture(gan, cell.data)


def _attributes(gan: TrainedGenerator, cell: Cell, digits: Digits | None) -> Numbers:
    return attributes(gan)


def _pictures(gan: TrainedGenerator, cell: Cell, digits: Digits | None) -> Numbers:
    found = gansmith.evaluate(gan, samples=2500, device="cpu").metrics
    return {name: found[name] for name in ("kid", "fid", "precision", "recall")}


Judge = Callable[[TrainedGenerator, Cell, Digits | None], Numbers]
JUDGES: dict[str, Judge] = {
    "line": _line,
    "mixture": _mixture,
    "attributes": _attributes,
    "pictures": _pictures,
    "alive": _alive,
    "obeys": _obeys,
    "metrics": _metrics,
}


def real_digits(path: str) -> Digits:
    """Return MNIST as it is."""
    from gansmith.data import Source, open_dataset
    from gansmith.data.dataset import first

    batches = list(first(open_dataset(Source(path, image_size=28)), 60_000))
    labels = [batch.labels for batch in batches if batch.labels is not None]
    return Digits(torch.cat([batch.x for batch in batches]), torch.cat(labels))


def main(options: argparse.Namespace) -> None:
    every = list(cells(options.mnist or "", options.pictures))
    todo = [c for c in every if not options.only or {c.group, c.name} & set(options.only)]
    todo = [c for c in todo if options.mnist or c.data]
    places = {(c, seed): options.out / f"{_slug(c)}-{seed}" for c in todo for seed in range(c.seeds)}
    if options.cell:
        (cell, seed), run = next((key, run) for key, run in places.items() if run.name == options.cell)
        digits = real_digits(options.mnist) if cell.judge in ("alive", "obeys") else None
        run.with_suffix(".json").write_text(json.dumps(play(cell, seed, run, digits)))
        return

    def apart(run: Path) -> None:
        if run.with_suffix(".json").exists():
            return
        words = [sys.executable, __file__, "--out", str(options.out), "--cell", run.name]
        words += ["--mnist", options.mnist] if options.mnist else []
        words += ["--pictures", *options.pictures]
        done = subprocess.run(words, capture_output=True, text=True)
        print(run.name, "done" if done.returncode == 0 else done.stderr.strip().splitlines()[-1:], flush=True)

    if options.sheets:
        sheets(places, options.sheets)
        return
    options.out.mkdir(parents=True, exist_ok=True)
    if not options.write:
        with ThreadPoolExecutor(options.jobs) as pool:
            list(pool.map(apart, places.values()))
    known = merged(json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}, places)
    found = {cell: list(runs.values()) for cell in every if (runs := known.get(cell.name))}
    text = tables(every, found, (DOCS / "defaults.md").read_text(encoding="utf-8"))
    print(text)
    if options.write:
        whole = json.dumps(known, indent=1) + "\n"
        write_atomically(KEPT, lambda temporary: temporary.write_text(whole, encoding="utf-8"))
        write_page(text, "defaults", "defaults.md")


def merged(known: dict[str, dict[str, Any]], places: Mapping[tuple[Cell, int], Path]) -> dict[str, dict[str, Any]]:
    """Return what is known of cells by name and seed, with what has been played since."""
    for (cell, seed), run in places.items():
        if run.with_suffix(".json").exists():
            known.setdefault(cell.name, {})[str(seed)] = json.loads(run.with_suffix(".json").read_text())
    return {name: dict(sorted(runs.items())) for name, runs in sorted(known.items())}


def sheets(places: Mapping[tuple[Cell, int], Path], folder: Path) -> None:
    """Write a picture for each data set and seed: a row of sixteen samples for each recipe whose run is there."""
    rows: dict[str, list[torch.Tensor]] = {}
    for (cell, seed), run in places.items():
        if run.with_suffix(".json").exists():
            rows.setdefault(f"{cell.data_name}-{seed}", []).append(gansmith.load(run).sample(16))
            print(f"{cell.data_name}-{seed}, row {len(rows[f'{cell.data_name}-{seed}'])}: {cell.name}")
    folder.mkdir(parents=True, exist_ok=True)
    for name, parts in rows.items():
        grid(torch.cat(parts), 16, tile=64).save(folder / f"{name}.png")


def _slug(cell: Cell) -> str:
    return "".join(c if c.isalnum() else "-" for c in cell.name)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("runs/defaults"))
    parser.add_argument("--mnist", help="the training images as a parquet file")
    parser.add_argument("--pictures", nargs="*", default=[], help="files of pictures: CIFAR-10, portraits")
    parser.add_argument("--only", nargs="*", help="groups of cells, or cells ('r3gan --data grid')")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--cell", help=argparse.SUPPRESS)
    parser.add_argument("--sheets", type=Path, metavar="FOLDER", help="samples of what has been run")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/defaults.md")
    main(parser.parse_args())
