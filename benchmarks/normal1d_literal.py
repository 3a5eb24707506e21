"""Where the linear generator of the 1-D example ends: five seeds of each cost, beside what theory says.

`python benchmarks/normal1d_literal.py` prints the table of docs/course.md, section 7.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time
from typing import Any

import torch

from gansmith.numerics import settle_vector_mathematics
from gansmith.recipes import recipe
from gansmith.theory.linear_generator import CONTINUOUS, end, noisy_end, wasserstein
from gansmith.training.assemble import assemble

NOISE = 0.2
NOISY = {"instance_noise": NOISE, "instance_noise.until": 1000}  # as good as constant
CASES: list[tuple[dict[str, Any], str]] = [
    ({}, f"{end('nonsaturating'):.3f} (D*), {end(CONTINUOUS):.3f} (continuous D)"),
    ({"loss": "minimax"}, f"{end('minimax'):.3f}"),
    (NOISY, f"{noisy_end('nonsaturating', NOISE):.3f}"),
    ({"loss": "minimax", **NOISY}, f"{noisy_end('minimax', NOISE):.3f}"),
]


def trained(changes: dict[str, Any]) -> tuple[float, float, float]:
    """Return mean and sd of a trained generator's samples, read off its two weights, and the seconds that it took."""
    started = time.perf_counter()
    trainer = assemble(recipe("normal1d-literal", device="cpu", threads=1, **changes))
    trainer.run(trainer.recipe.training.steps)
    w, b = trainer.trained().generator.parameters()
    return b.item(), 8 * abs(w.item()) / math.sqrt(3), time.perf_counter() - started


def main(seeds: int) -> None:
    print("| flags | mean | sd, each seed | sd by theory | W₁ at their mean | seconds |")
    print("| --- | --- | --- | --- | --- | --- |")
    for changes, theory in CASES:
        found = [trained(changes | {"seed": seed}) for seed in range(seeds)]
        means, sds, seconds = zip(*found, strict=True)
        flags = " ".join(f"--{name.replace('_', '-')} {value}" for name, value in changes.items())
        named, each = f"`{flags}`" if flags else "none", ", ".join(f"{sd:.3f}" for sd in sds)
        left, took = wasserstein(statistics.mean(sds)), statistics.mean(seconds)
        print(
            f"| {named} | {min(means):.3f} to {max(means):.3f} | {each} | {theory} | {left:.3f} | {took:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    torch.set_num_threads(1)
    settle_vector_mathematics()
    main(parser.parse_args().seeds)
