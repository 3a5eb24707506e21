"""Is a run that was interrupted and resumed, bit for bit, the run that was not?

    python benchmarks/resumes.py                # 60 runs of five recipes, about ten minutes on two cores
    python benchmarks/resumes.py --runs 6       # a few of them

Every run plays in processes of its own and is interrupted twice, at a random moment after a random checkpoint: by
SIGKILL, each fourth time by SIGTERM, which lets it save. Half of the runs have the machine for themselves, the other
half share it with two busy processes. What is compared with the uninterrupted run of the same recipe and seed: all of
the last checkpoint (networks, optimisers, average, positions, random streams), the generator's file, and the figures of
the evaluations. The exit code is 1 if anything differs.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

import gansmith
from gansmith.callbacks.curve_plot import CurvePlot
from gansmith.records.journal import read_journal

STEPS, SAVE, TRIES = 120, 10, 5
EVERY: dict[str, Any] = {
    "steps": STEPS,
    "checkpoint_every": SAVE,
    "keep": 2,
    "log_every": 7,
    "threads": 1,
    "device": "cpu",
}
EVERY |= {"batch": 16, "evaluate_every": 40, "evaluate_samples": 80, "features": "raw"}
IMAGES: dict[str, Any] = {"data": "digits", "image_size": 8, "width": 4, "features": "random"}
IMPORTED = ["gansmith.runs.session", "gansmith.runs.resuming", "gansmith.data.digits", "torch.utils.tensorboard"]
RECIPES: dict[str, dict[str, Any]] = {
    "nsgan": {"data": "ring", "hidden": 16, "latent": 2},
    "wgan-gp": {"data": "ring", "hidden": 16, "latent": 2, "schedule": "cosine"},
    "dcgan": {**IMAGES, "dynamics": "optimistic", "label_noise": 0.1},
    "acgan": {**IMAGES, "label_smoothing": 0.1},
    "replay": {**IMAGES, "instance_noise": 0.2, "augment": "color,cutout", "replay_size": 40},
}


@dataclass
class Row:
    """The runs of one recipe on one kind of machine."""

    recipe: str
    loaded: bool
    runs: int = 0
    differing: list[str] = field(default_factory=list)
    interrupted: list[int] = field(default_factory=list)
    seconds: float = 0.0


def begin(recipe: str, seed: int, run: Path) -> None:
    """Train from the first step, in a process of its own."""
    _settle()
    with suppress(KeyboardInterrupt):
        gansmith.train(recipe, run, quiet=True, seed=seed, **EVERY | RECIPES[recipe])


def go_on(run: Path) -> None:
    """Go on with a run, in a process of its own."""
    _settle()
    torch.rand(random.randrange(1, 9))  # whatever else goes on in between
    with suppress(KeyboardInterrupt):
        gansmith.resume(run, quiet=True)


def _settle() -> None:
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")  # so few samples are measured
    random.seed(os.getpid())
    CurvePlot.due = lambda *_: False  # type: ignore[method-assign] # it takes longer than the run


def saved(run: Path) -> int:
    """Return the step of the last checkpoint."""
    return max((int(path.stem.removeprefix("step-")) for path in run.glob("checkpoints/step-*.pt")), default=0)


def interrupt(process: Any, run: Path, dice: random.Random, number: int) -> int | None:
    """Interrupt a process at a random moment after a random checkpoint; return that step, None if it was too late."""
    first = saved(run) + SAVE
    target = dice.randrange(first, max(first + 1, STEPS - 3 * SAVE))
    while process.is_alive() and saved(run) < target:
        time.sleep(0.001)
    time.sleep(dice.uniform(0, 0.05))
    reached = saved(run)
    if process.is_alive():
        os.kill(process.pid, signal.SIGTERM if number % 4 == 3 else signal.SIGKILL)
    process.join()
    return None if reached >= STEPS or saved(run) >= STEPS else reached


def broken_run(context: Any, recipe: str, seed: int, run: Path, dice: random.Random, number: int) -> list[int]:
    """Play a run that is interrupted twice, and return the checkpoints after which it was."""
    steps = []
    for part in range(2):
        process = context.Process(target=go_on, args=(run,)) if part else None
        process = process or context.Process(target=begin, args=(recipe, seed, run))
        process.start()
        reached = interrupt(process, run, dice, number + part)
        if reached is None:
            return []
        steps.append(reached)
    last = context.Process(target=go_on, args=(run,))
    last.start()
    last.join()
    return steps


def differences(a: Any, b: Any, where: str = "") -> Iterator[str]:
    """Yield the places in which two states differ."""
    if type(a) is not type(b):
        yield f"{where}: {type(a).__name__}, {type(b).__name__}"
    elif isinstance(a, Tensor):
        if a.shape != b.shape or not torch.equal(a, b):
            yield where
    elif isinstance(a, dict):
        for key in {**a, **b}:
            yield from differences(a.get(key), b.get(key), f"{where}.{key}")
    elif isinstance(a, list | tuple):
        for i, pair in enumerate(zip(a, b, strict=True)):
            yield from differences(*pair, f"{where}[{i}]")
    elif a != b:
        yield where


def outcome(run: Path) -> dict[str, Any]:
    """Return all that must be the same."""
    figures = [entry for entry in read_journal(run / "journal.jsonl") if "sliced_wasserstein" in entry]
    state = torch.load(run / "checkpoints" / f"step-{STEPS:08d}.pt", weights_only=True)
    return {"state": state, "generator": (run / "generator.safetensors").read_bytes(), "figures": figures}


@contextmanager
def busy(count: int) -> Iterator[None]:
    """While inside, that many processes do nothing but work."""
    processes = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def play(context: Any, row: Row, seeds: Sequence[int], place: Path) -> None:
    """Play the runs of a row."""
    start = time.monotonic()
    for seed in seeds:
        whole = place / f"{row.recipe}-{seed}"
        if not whole.exists():
            process = context.Process(target=begin, args=(row.recipe, seed, whole))
            process.start()
            process.join()
        for attempt in range(TRIES):
            run = place / f"{row.recipe}-{seed}-{'loaded' if row.loaded else 'quiet'}-{attempt}"
            dice = random.Random(run.name)
            steps = broken_run(context, row.recipe, seed, run, dice, number=2 * row.runs)
            if steps:
                break
        else:
            row.differing.append(f"seed {seed}: it ended before it could be interrupted, {TRIES} times")
        row.runs += 1
        row.interrupted += steps
        if steps and (found := list(differences(outcome(whole), outcome(run)))):
            row.differing.append(f"seed {seed}: {', '.join(found[:3])}")
    row.seconds = time.monotonic() - start


def main() -> int:
    """Play all runs, print a table, and return 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=60, help="in all")
    wanted = parser.parse_args().runs
    context = multiprocessing.get_context("forkserver")  # whose processes start with everything imported
    context.set_forkserver_preload(IMPORTED)
    rows = [Row(recipe, loaded) for loaded in (False, True) for recipe in RECIPES]
    print(f"{'recipe':10} {'machine':8} {'runs':>4} {'same':>4} {'seconds':>8}  interrupted after")
    with tempfile.TemporaryDirectory() as place:
        for row in rows:
            place_of = list(RECIPES).index(row.recipe)
            share = [i for i in range(wanted) if i % len(RECIPES) == place_of and i % 2 == row.loaded]
            with busy(2 if row.loaded else 0):
                play(context, row, range(len(share)), Path(place))
            machine, same = "loaded" if row.loaded else "quiet", row.runs - len(row.differing)
            steps = " ".join(map(str, row.interrupted))
            print(f"{row.recipe:10} {machine:8} {row.runs:4} {same:4} {row.seconds:8.1f}  {steps}", flush=True)
            for line in row.differing:
                print(f"    {line}")
    wrong = sum(len(row.differing) for row in rows)
    print(f"{sum(row.runs for row in rows) - wrong} of {sum(row.runs for row in rows)} runs are the uninterrupted ones")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
