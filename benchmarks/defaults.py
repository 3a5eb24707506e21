"""Does what the course promises happen when a recipe is run as it is? The tables of docs/defaults.md.

    python benchmarks/defaults.py --out runs/defaults --mnist mnist/train.parquet --jobs 2 [--only mixtures digits …]
    python benchmarks/defaults.py --out runs/defaults --write     # the tables of what has been run so far

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
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from contest.report import write_page
from judges import Digits, Numbers, attributes, line, medians, mixture, obedience

import gansmith
from gansmith.cli.tables import markdown
from gansmith.generators.trained import TrainedGenerator
from gansmith.recipes import RECIPES
from gansmith.recipes.shown import differences

LIMIT = 90.0  # seconds of training in a cell of the group "others"
LESS = ("fid", "W1", "V + log 4")
"""Measures of which less is better."""
TITLES = {
    "line": "The 1-D example",
    "mixtures": "Mixtures",
    "mixture": "The recipe for mixtures",
    "attributes": "Attributes of the built-in digits",
    "digits": "Algorithm 1 on MNIST",
    "labels": "Labels on MNIST",
    "pictures": "Pictures: KID over time",
    "others": "Every other recipe, at most 90 seconds each",
}
SPECIAL = (
    "vanilla",
    "normal1d",
    "normal1d-literal",
    "mixture",
    "nsgan",
    "r3gan",
    "wgan-gp",
    "cgan",
    "cdcgan",
    "acgan",
    "attribute-gan",
)


@dataclass(frozen=True)
class Cell:
    """A command line, its seeds, and who judges what it makes."""

    group: str
    recipe: str
    data: str
    seeds: int
    judge: str
    changes: tuple[tuple[str, Any], ...] = ()

    @property
    def name(self) -> str:
        words = [self.recipe, *(f"--{name} {value}" for name, value in self.changes)]
        return " ".join([*words, f"--data {self.data_name}"])

    @property
    def data_name(self) -> str:
        return Path(self.data).parent.name if "/" in self.data else self.data


def cells(mnist: str, pictures: Sequence[str] = ()) -> Iterator[Cell]:
    """Yield all cells, the cheap ones first.

    Args:
        mnist: real digits, a parquet file.
        pictures: files of CIFAR-10 and of portraits.
    """
    yield from (Cell("line", name, "normal", 5, "line") for name in ("normal1d",))
    for data in ("ring", "grid"):
        yield from (Cell("mixtures", name, data, 3, "mixture") for name in ("nsgan", "r3gan", "wgan-gp"))
        yield Cell("mixture", "mixture", data, 5, "mixture")
    yield Cell("attributes", "attribute-gan", "digits", 3, "attributes")
    losses = ((), (("loss", "nonsaturating"),))
    yield from (Cell("digits", "vanilla", mnist, 3, "alive", changes) for changes in losses)
    yield from (Cell("labels", name, mnist, 3, "obeys") for name in ("cgan", "cdcgan", "acgan"))
    for data in pictures:
        yield from (Cell("pictures", name, data, 3, "pictures") for name in ("dcgan", "r3gan", "sngan"))
    for data in ("ring", "grid", "digits"):
        others = [name for name in RECIPES if name not in SPECIAL and (data == "digits" or name not in ("infogan",))]
        yield from (Cell("others", name, data, 1, "mixture" if data != "digits" else "metrics") for name in others)


def play(cell: Cell, seed: int, run: Path, digits: Digits | None) -> dict[str, Any]:
    """Train a cell and return what its judge found, its seconds and its warnings."""
    torch.set_num_threads(1)
    early: Numbers = {}
    watch: list[Any] = [_Early(digits, early)] if cell.judge == "alive" else []
    watch += [_Clock(LIMIT)] if cell.group == "others" else []
    watch += [_Quarters(early)] if cell.judge == "pictures" else []
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
    """Measures KID after each quarter of a run, and the minutes of training until then."""

    def __init__(self, found: Numbers) -> None:
        self.found, self.start, self.away = found, time.monotonic(), 0.0
        self.quarter = 1

    def due(self, step: int, last: bool) -> bool:
        return True

    def __call__(self, moment: Any) -> None:
        if 4 * moment.step < self.quarter * moment.run.recipe.training.steps:
            return
        before = time.monotonic()
        measured = gansmith.evaluate(moment.generator, samples=2500, device="cpu").metrics
        name = f"KID after {self.quarter}/4"
        self.found |= {name: measured["kid"], f"minutes until {self.quarter}/4": (before - self.start - self.away) / 60}
        self.quarter, self.away = self.quarter + 1, self.away + time.monotonic() - before


class _Clock:
    """Stops a run after so many seconds."""

    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds

    def due(self, step: int, last: bool) -> bool:
        return time.monotonic() > self.end and not last

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
    return _metrics(gan, cell, digits)


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


def tables(found: dict[Cell, list[dict[str, Any]]]) -> str:
    """Return a table for every group of cells that has been run."""
    parts = []
    for group in dict.fromkeys(cell.group for cell in found):
        for judge in dict.fromkeys(cell.judge for cell in found if cell.group == group):
            own = {cell: runs for cell, runs in found.items() if (cell.group, cell.judge) == (group, judge)}
            names = [n for n in next(iter(own.values()))[0] if n not in ("warnings", "seconds", "step")]
            rows = [
                [cell.name, str(len(runs)), *(_cell(runs, name) for name in names), *_costs(runs), _bound(cell, runs)]
                for cell, runs in own.items()
            ]
            heads = ["", "seeds", *names, "steps", "minutes", "warned", "bound"]
            parts.append(f"**{TITLES.get(group, group)}**\n\n" + markdown(heads, rows))
    return "\n\n".join([*parts, _papers()])


def _bound(cell: Cell, runs: list[dict[str, Any]]) -> str:
    """Return what the recipe's page promises, and whether the median keeps it."""
    promised = {} if cell.changes else RECIPES[cell.recipe]().bounds.get(cell.data_name, {})
    middle = medians([{name: run[name] for name in promised} for run in runs]) if promised else {}
    broken = [n for n, bound in promised.items() if (middle[n] > bound if n in LESS else middle[n] < bound)]
    told = ", ".join(f"{name} {'≤' if name in LESS else '≥'} {bound:g}" for name, bound in promised.items())
    return f"{told}: {'broken by ' + ', '.join(broken) if broken else 'kept'}" if promised else ""


def _papers() -> str:
    """Return the table of settings in which recipes differ from their papers."""
    rows = []
    for name, build in RECIPES.items():
        for setting, values in differences(build()).items():
            here = [f"{values[kind]}" if values[kind] != values["paper"] else "" for kind in ("images", "vectors")]
            rows.append([name, setting, f"{values['paper']}", *here])
    return "**Where defaults differ from the papers**\n\n" + markdown(
        ["", "setting", "paper", "images", "vectors"], rows
    )


def _cell(runs: list[dict[str, Any]], name: str) -> str:
    values = sorted(run[name] for run in runs if name in run)
    middle = medians([{name: value} for value in values])[name]
    return f"{middle:.3g}" + (f" ({values[0]:.3g} to {values[-1]:.3g})" if len(values) > 1 else "")


def _costs(runs: list[dict[str, Any]]) -> list[str]:
    timed = [{"s": run["seconds"] / 60} for run in runs if "seconds" in run]
    minutes = f"{medians(timed)['s']:.1f}" if timed else ""
    return [f"{runs[0]['step']:,}", minutes, str(sum(bool(run["warnings"]) for run in runs))]


def main(options: argparse.Namespace) -> None:
    wanted = cells(options.mnist or "", options.pictures)
    todo = [c for c in wanted if not options.only or {c.group, c.name} & set(options.only)]
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

    options.out.mkdir(parents=True, exist_ok=True)
    if not options.write:
        with ThreadPoolExecutor(options.jobs) as pool:
            list(pool.map(apart, places.values()))
    found: dict[Cell, list[dict[str, Any]]] = {}
    for (cell, _), run in places.items():
        if run.with_suffix(".json").exists():
            found.setdefault(cell, []).append(json.loads(run.with_suffix(".json").read_text()))
    print(tables(found))
    if options.write:
        write_page(tables(found), "defaults", "defaults.md")


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
    parser.add_argument("--write", action="store_true", help="put the tables into docs/defaults.md")
    main(parser.parse_args())
