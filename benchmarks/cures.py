"""What each cure does for mode collapse on the ring of 8 and the grid of 25 Gaussians: mean ± sd over seeds.

    python benchmarks/cures.py --out runs/cures --seeds 5

Every row has the plain GAN's networks, optimiser, minibatch and steps, and one thing changed. Modes and high quality
are PacGAN's (Lin et al. 2018, arXiv 1712.04086): 2,500 samples, 3σ. Start it again to go on after an interruption.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path
from typing import Any

import gansmith
from gansmith.cli.tables import markdown
from gansmith.runs.sweep import Cell

PLAIN: dict[str, Any] = {
    "latent": 2,
    "hidden": 64,
    "batch": 120,  # a multiple of every pack
    "steps": 4000,
    "evaluate_every": 4000,
    "schedule": "cosine",  # or at this budget no sample comes within 3σ of a mode of the grid
    "lr": 1e-3,
    "betas": (0.5, 0.999),
}
CURES: dict[str, dict[str, Any]] = {
    "plain GAN (non-saturating)": {},
    "feature matching, mean": {"feature_matching": 1.0},
    "minibatch discrimination, kernels": {"minibatch": "kernels"},
    "minibatch discrimination, distances": {"minibatch": "distances"},
    "PacGAN 2": {"pack": 2},
    "PacGAN 3": {"pack": 3},
    "PacGAN 4": {"pack": 4},
    "unrolled, 5 steps of 0.1": {"dynamics": "unrolled", "unrolled_steps": 5, "unrolled_lr": 0.1},
    "experience replay": {"replay": 1.0},
    "instance noise, fading from 0.1": {"instance_noise": 0.1},
    "R1, 0.02": {"r1": 0.02},
}


def row(name: str, cells: dict[str, Cell]) -> list[str]:
    figures = [name]
    for cell in cells.values():
        for metric, unit, scale in (("modes", "", 1), ("high_quality", " %", 100)):
            spread = cell.spread(metric)
            told = "diverged" if spread is None else "{:.1f} ± {:.1f}".format(*(scale * value for value in spread))
            figures.append(told + unit)
    return figures


def main(out: Path, seeds: int, jobs: int | None, only: list[str]) -> None:
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    rows = []
    for name in only or CURES:
        slug = "".join(c if c.isalnum() else "-" for c in name)
        cells = {}
        for data in ("ring", "grid"):
            recipe = gansmith.recipe("nsgan", data=data, **PLAIN | CURES[name])
            (cells[data],) = gansmith.sweep(recipe, out / data / slug, seeds, jobs=jobs)
        rows.append(row(name, cells))
        header = ["", "ring: modes of 8", "ring: high quality", "grid: modes of 25", "grid: high quality"]
        (out / "cures.md").write_text(markdown(header, rows), encoding="utf-8")
    print((out / "cures.md").read_text(encoding="utf-8"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("runs/cures"))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=None)
    parser.add_argument("--only", nargs="*", choices=[*CURES], default=[], help="these rows")
    arguments = parser.parse_args()
    main(arguments.out, arguments.seeds, arguments.jobs, arguments.only)
