"""What starting from another run's weights is worth: digits 5-9 from a GAN of digits 0-4, beside from scratch.

    python benchmarks/finetune.py --mnist mnist/train.parquet --out runs/finetune

FID (features of a classifier of the digits, 2,500 samples) after so many steps, mean ± sd over seeds, and the seconds
of training behind it. Start it again to go on after an interruption.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from contest.report import write_page
from datasets import load_dataset

import gansmith
from gansmith.cli.tables import markdown
from gansmith.data.memory import from_memory
from gansmith.data.source import Source
from gansmith.metrics.evaluation import Evaluator
from gansmith.training.assemble import assemble

SETTINGS: dict[str, Any] = {"width": 16, "device": "cpu", "checkpoint_every": 10_000}
MARKS = (100, 200, 400, 800, 1600)
"""Steps after which samples are measured."""
FIRST_STEPS = 2000
"""Of the run on digits 0-4."""


def ways(first: Path) -> Mapping[str, dict[str, Any]]:
    """Return what differs between the rows of the table."""
    return {
        "from scratch": {},
        "`--from`": {"from": str(first)},
        "`--from`, `--discriminator.freeze 2`": {"from": str(first), "discriminator.freeze": 2},
    }


def main(options: argparse.Namespace) -> None:
    stored = load_dataset("parquet", data_files=str(options.mnist), split="train", cache_dir=str(options.out / "cache"))
    images = np.stack([np.asarray(image) for image in stored["image"]])
    labels = np.asarray(stored["label"])
    low, high = labels < 5, labels >= 5
    evaluator = Evaluator(from_memory(images[high], labels[high], Source(image_size=32)), "classifier", 10_000)
    found: dict[str, list[list[tuple[float, float]]]] = {}
    for seed in range(options.seeds):
        first = options.out / f"first-{seed}"
        if not (first / "generator.safetensors").exists():
            gansmith.train("dcgan", first, data=images[low], evaluate_every=0, steps=FIRST_STEPS, seed=seed, **SETTINGS)
        for name, changes in ways(first).items():
            path = options.out / f"{''.join(c if c.isalnum() else '-' for c in name)}-{seed}.json"
            if not path.exists():
                path.write_text(json.dumps(course(images[high], changes, seed, evaluator)))
            found.setdefault(name, []).append(json.loads(path.read_text()))
    rows = []
    for name, runs in found.items():
        cells = [f"{mean_and_sd([run[i][1] for run in runs])}" for i in range(len(MARKS))]
        rows.append([name, *cells])
    table = markdown(["FID after", *(f"{mark:,} steps" for mark in MARKS)], rows)
    fastest = min(run[-1][0] for runs in found.values() for run in runs)  # steps cost the same in every row
    table += f"\n\n{MARKS[-1]:,} steps took {fastest:.0f} s where nothing else ran."
    print(table)
    if options.write:
        write_page(table, "finetune", "steering.md")


def course(images: Any, changes: Mapping[str, Any], seed: int, evaluator: Evaluator) -> list[tuple[float, float]]:
    """Train, and return seconds of training and FID at the marks."""
    recipe = gansmith.recipe("dcgan", steps=MARKS[-1], seed=seed, **SETTINGS, **changes)
    trainer, course, seconds = assemble(recipe, images), [], 0.0
    start = time.perf_counter()
    for moment in trainer.steps():
        if moment.step in MARKS:
            trainer.settle()
            seconds += time.perf_counter() - start
            fid = evaluator.evaluate(torch.as_tensor(moment.generator.sample(2500))).metrics["fid"]
            print(
                f"{changes or 'from scratch'}, seed {seed}, step {moment.step}, {seconds:.0f} s: FID {fid:.2f}",
                flush=True,
            )
            course.append((seconds, fid))
            start = time.perf_counter()
    if len(course) < len(MARKS):
        raise KeyboardInterrupt
    return course


def mean_and_sd(values: list[float]) -> str:
    return f"{statistics.mean(values):.2f} ± {statistics.stdev(values) if len(values) > 1 else 0:.2f}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("runs/finetune"))
    parser.add_argument("--mnist", type=Path, required=True, help="the training images as a parquet file")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="put the table into docs/steering.md")
    main(parser.parse_args())
