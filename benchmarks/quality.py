"""Whether a compiled run, or one in bf16, ends as well as one in fp32: mean ± sd over seeds, for docs/performance.md.

    python benchmarks/quality.py --mnist mnist/train.parquet --out runs/quality

The grid of 25 Gaussians is what `benchmarks/cures.py` plays; MNIST is a small DCGAN's. Start it again to go on after an
interruption. On a CPU without bf16 instructions bf16 takes many times longer.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path
from typing import Any

from contest.report import write_page
from cures import PLAIN

import gansmith
from gansmith.cli.tables import markdown
from gansmith.recipes.composition import Recipe, change
from gansmith.runs.sweep import Cell

CHOICES: dict[str, dict[str, Any]] = {
    "fp32": {},
    "fp32, --compile True": {"compile": True},
    "--precision bf16": {"precision": "bf16"},
}
SMALL: dict[str, Any] = {
    "width": 8,
    "steps": 1500,
    "evaluate_every": 1500,
}
METRICS = {
    "grid": ["modes", "high_quality", "sliced_wasserstein"],
    "MNIST": ["fid", "precision", "recall", "coverage"],
}


def table(data: str, recipe: Recipe, out: Path, seeds: int, jobs: int | None) -> str:
    """Train all and return what came of it."""
    rows = []
    for name, changes in CHOICES.items():
        slug = "".join(c if c.isalnum() else "-" for c in name)
        (cell,) = gansmith.sweep(change(recipe, changes), out / data / slug, seeds, jobs=jobs)
        rows.append([name, *(told(cell, metric) for metric in METRICS[data])])
    return f"**{data}**, {recipe.training.steps:,} steps, {seeds} seeds\n\n" + markdown(["", *METRICS[data]], rows)


def told(cell: Cell, metric: str) -> str:
    spread = cell.spread(metric)
    return "diverged" if spread is None else "{:.3g} ± {:.2g}".format(*spread)


def main(options: argparse.Namespace) -> None:
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    recipes = {"grid": gansmith.recipe("nsgan", data="grid", **PLAIN)}
    if options.mnist:
        recipes["MNIST"] = gansmith.recipe("dcgan", data=str(options.mnist), **SMALL)
    else:
        print("MNIST: skipped, no data (--mnist)")
    tables = [table(data, recipe, options.out, options.seeds, options.jobs) for data, recipe in recipes.items()]
    print("\n\n".join(tables))
    if options.write:
        write_page("\n\n".join(tables), "quality")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("runs/quality"))
    parser.add_argument("--mnist", type=Path, help="the training images as a parquet file")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=None)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    main(parser.parse_args())
