"""Many runs of a recipe, over seeds and values of fields, and what they say on average."""

from __future__ import annotations

import dataclasses
import itertools
import json
import logging
import multiprocessing
import os
import re
import statistics
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import torch

from gansmith.errors import DivergedError, GansmithError
from gansmith.files import write_atomically
from gansmith.memory import keep_freed_memory
from gansmith.metrics.catalogue import METRICS
from gansmith.numerics import settle_vector_mathematics
from gansmith.recipes.composition import Recipe, change, from_dict, suited, to_dict
from gansmith.records.journal import read_journal
from gansmith.records.lock import locked
from gansmith.records.run_folder import RunFolder
from gansmith.runs.resuming import resume
from gansmith.runs.session import train
from gansmith.settings.components import leaves
from gansmith.settings.values import expanded
from gansmith.training.check import check
from gansmith.training.device import find_device

log = logging.getLogger(__name__)
DIED = "a process that played runs has died (out of memory?): start the same again to go on, with fewer jobs"
UNGUARDED = (
    "no run could start, since each plays in a process that imports the script first: "
    'put what the script does below if __name__ == "__main__":'
)


@dataclass(frozen=True)
class Run:
    """One run of a sweep."""

    folder: str
    seed: int
    diverged: str | None
    """Why it ended early; None if it did not."""
    metrics: dict[str, float]
    """Of its last evaluation."""


@dataclass(frozen=True)
class Cell:
    """The runs that differ in their seed alone."""

    changes: dict[str, Any]
    runs: list[Run]

    def spread(self, metric: str) -> tuple[float, float] | None:
        """Return mean and standard deviation (n − 1) over the runs that did not diverge; None if none measured it."""
        values = [run.metrics[metric] for run in self.runs if run.diverged is None and metric in run.metrics]
        if not values:
            return None
        return statistics.fmean(values), statistics.stdev(values) if len(values) > 1 else float("nan")


def sweep(
    recipe: Recipe,
    out: str | Path,
    seeds: int = 5,
    grid: Mapping[str, Sequence[Any]] | None = None,
    jobs: int | None = None,
) -> list[Cell]:
    """Train a recipe from several seeds for every combination of some fields' values.

    Runs that are already in `out` are kept, and those that were interrupted are resumed, so an interrupted sweep goes
    on when it is started again. A run that diverges is counted as such. Each run plays in a process of its own kind
    with `threads` threads, by default cores // jobs; many one-thread runs finish sooner than one run with many threads.

    Args:
        recipe: what all runs share; its seed is the first one.
        out: folder of the run folders, and of `sweep.json`.
        seeds: runs of every combination.
        grid: values by field.
        jobs: runs at a time; by default as many as there are cores, one on a GPU.

    Raises:
        GansmithError: if a combination means nothing, or `out` holds other runs under these names.
        KeyboardInterrupt: after Ctrl-C, once all runs in play are saved.
    """
    plans = _plans(recipe, seeds, grid or {})
    folder = expanded(str(out))
    for plan in plans:
        check(plan.recipe)
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise SystemExit(1)  # in a worker that imports the script, which asks for the sweep again: the first one tells
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    on_cpu = find_device(recipe.compute.device).type == "cpu"
    jobs = min(len(plans), jobs or (cores if on_cpu else 1))
    cells = []
    with locked(folder):
        for plan in plans:
            _check_same(plan, RunFolder(folder / plan.name))
        endings = _play_all(plans, folder, jobs, recipe.compute.threads or max(1, cores // jobs))
        for changes, group in itertools.groupby(plans, key=lambda plan: plan.changes):
            runs = [_look(folder / plan.name, plan.recipe.training.seed, endings[plan.name]) for plan in group]
            cells.append(Cell(changes, runs))
        _write(folder / "sweep.json", recipe, cells)
    return cells


@dataclass(frozen=True)
class _Plan:
    name: str
    changes: dict[str, Any]
    recipe: Recipe


def _plans(recipe: Recipe, seeds: int, grid: Mapping[str, Sequence[Any]]) -> list[_Plan]:
    """Return every run to be: all combinations of the values, each from every seed."""
    if seeds < 1:
        raise GansmithError(f"seeds = {seeds} must be at least 1")
    if "seed" in grid:
        raise GansmithError("seed is swept by --seeds N, which begins at --seed")
    if not recipe.evaluation.evaluate_every:
        raise GansmithError("evaluate_every = 0 leaves nothing to compare: a sweep needs --evaluate-every 1 or more")
    plans = []
    for values in itertools.product(*grid.values()):
        changes = dict(zip(grid, values, strict=True))
        for seed in range(recipe.training.seed, recipe.training.seed + seeds):
            words = [f"{name}={value}" for name, value in (changes | {"seed": seed}).items()]
            name = re.sub(r"[^\w.=,+-]+", "_", ",".join(words))
            plans.append(_Plan(name, changes, change(recipe, changes | {"seed": seed})))
    if len({plan.name for plan in plans}) < len(plans):
        raise GansmithError("two of the values are the same: name each once")
    return plans


def _check_same(plan: _Plan, folder: RunFolder) -> None:
    """Refuse a folder that holds a run of another recipe."""
    if not folder.config.exists():
        return
    facts = folder.read(trust=True)
    ours, theirs = leaves(suited(plan.recipe, facts.shape)), leaves(facts.recipe)
    for name in ours | theirs:
        if ours.get(name) != theirs.get(name):
            raise GansmithError(
                f"{folder.path} holds a run with {name} = {theirs.get(name)}, not {ours.get(name)}: "
                "choose another --out"
            )


def _play_all(plans: Sequence[_Plan], folder: Path, jobs: int, threads: int) -> dict[str, str | None]:
    """Play every run to its end, `jobs` at a time, and return why each diverged, or None."""
    context = multiprocessing.get_context("spawn")
    stop, begun = context.Event(), context.Event()
    endings: dict[str, str | None] = {}
    start = time.perf_counter()
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(threads, stop, begun)) as pool:
        try:
            futures = {}
            for plan in plans:
                r = plan.recipe
                futures[pool.submit(_play, to_dict(r), str(folder / plan.name), r.by_data, r.own)] = plan
            for future in as_completed(futures):
                plan = futures[future]
                endings[plan.name] = future.result()
                told = endings[plan.name] or "done"
                minutes = (time.perf_counter() - start) / 60
                log.info("%d/%d  %.1f min  %s: %s", len(endings), len(plans), minutes, plan.name, told)
        except BrokenProcessPool:
            raise GansmithError(f"sweep {folder}: {DIED if begun.is_set() else UNGUARDED}") from None
        except BaseException:
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise
    return endings


_stop: Event | None = None  # of the worker process this module lives in


def _begin(threads: int, stop: Event, begun: Event) -> None:
    global _stop
    _stop = stop
    begun.set()
    keep_freed_memory()
    settle_vector_mathematics()
    torch.set_num_threads(threads)


def _play(content: dict[str, Any], path: str, by_data: Any = None, own: Any = ()) -> str | None:
    """Start a run, go on with it, or leave it as it is when it is finished; return why it diverged, or None.

    A recipe comes as plain values, since another process imports code of the user's own by itself, and with what plain
    values do not hold: what suits the data, and what the user chose.
    """
    if _stop is not None and _stop.is_set():
        raise KeyboardInterrupt
    folder = RunFolder(Path(path))
    reached = folder.checkpoints().last_step()
    try:
        if reached is None:
            train(dataclasses.replace(from_dict(content), by_data=by_data or {}, own=own), folder.path, quiet=True)
        elif (
            reached < folder.read(trust=True).recipe.training.steps
            and folder.checkpoints().latest().get("stopped") is None
        ):
            resume(folder.path, quiet=True, trust=True)
    except DivergedError as error:
        return str(error)
    except KeyboardInterrupt:
        if _stop is not None:
            _stop.set()
        raise
    return None


def _look(folder: Path, seed: int, diverged: str | None) -> Run:
    """Read the last figures of a run from its journal."""
    measured: dict[str, float] = {}
    for entry in read_journal(RunFolder(folder).journal):
        measured |= {name: entry[name] for name in METRICS if entry.get(name) is not None}
    return Run(folder.name, seed, diverged, measured)


def _write(path: Path, recipe: Recipe, cells: Sequence[Cell]) -> None:
    content = {"recipe": to_dict(recipe), "cells": [dataclasses.asdict(cell) for cell in cells]}
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    write_atomically(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))
