"""Do InfoGAN's categories come to mean the digits? The error of matching them, and the bound on the information.

    gansmith train infogan --data mnist/train.parquet --width 16 --seed 0 --out runs/infogan-0
    python benchmarks/infogan.py runs/infogan-0 runs/infogan-1 …

2,000 samples, 200 of every category, are told apart by a classifier of the real digits, and the categories are matched
with the digits so that as many samples as possible agree; the others are the error (5 % in Chen et al. 2016, arXiv
1606.03657).
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import torch
from scipy.optimize import linear_sum_assignment

import gansmith
from gansmith.metrics.features import open_features
from gansmith.records.journal import read_journal
from gansmith.runs.real import real_data

SAMPLES = 2000


def matching_error(run: Path) -> tuple[float, list[int]]:
    """Return the error, and the digit that each category is matched with."""
    gan = gansmith.load(run)
    categories = gan.condition.categorical[0]
    features = open_features("classifier", real_data(gan, None))
    agreement = torch.zeros(categories, categories, dtype=torch.int64)
    for category in range(categories):
        samples = gan.sample(SAMPLES // categories, seed=category, codes={0: category})
        probabilities = features(samples).probabilities
        assert probabilities is not None
        agreement[category] = probabilities.argmax(dim=1).bincount(minlength=categories)
    rows, digits = linear_sum_assignment(-agreement.numpy())
    right = int(agreement[rows, digits].sum())
    return 1 - right / int(agreement.sum()), list(digits)


def main(runs: list[Path]) -> None:
    print("| run | error | category → digit | bound on I(c₁; x), nats | of log 10 |\n| --- | --- | --- | --- | --- |")
    for run in runs:
        error, digits = matching_error(run)
        bounds = [e["information/c1"] for e in read_journal(run / "journal.jsonl") if "information/c1" in e][-10:]
        bound = sum(bounds) / len(bounds)
        matched = " ".join(map(str, digits))
        print(f"| {run.name} | {error:.1%} | {matched} | {bound:.4f} | {bound / math.log(10):.1%} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", type=Path, nargs="+")
    main(parser.parse_args().runs)
