"""Squared error against a learned loss, the same networks on the same questions: the tables of docs/learned-loss.md.

    python benchmarks/reconstruction.py --out runs/reconstruction --mnist mnist [--only superres-mnist …] [--seeds 3]
    python benchmarks/reconstruction.py --out runs/reconstruction --mnist mnist --write    # the tables of what was run

MNIST is a folder with train.parquet and test.parquet. Every cell is a run on one thread, and is kept: start again to go
on, in the middle of a run too. Targets are held out: of MNIST's test set; portraits of another seed. `--width`,
`--steps` and `--batch` make it smaller or larger; the tables say what they were.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from contest.report import DOCS, write_page
from PIL import Image
from torch import Tensor

import gansmith
from gansmith.cli.tables import markdown
from gansmith.data.portraits import portraits
from gansmith.latent import lesson_of, predictor_of
from gansmith.records.run_folder import RunFolder
from gansmith.runs.reconstruct import ROWS, TILE
from gansmith.training.pictures import save_picture

GAP = 2  # between pictures of a sheet
CELL = TILE + GAP
SIDES = {"mnist": 32, "portraits": 64}
COLUMNS = (
    "PSNR, dB",
    "SSIM",
    "upper-band energy, of the targets'",
    "KID",
    "distance in features",
    "diversity",
    "minutes",
)
KEYS = ("psnr", "ssim", "upper_energy", "kid", "feature_distance", "answer_diversity", "minutes")


@dataclasses.dataclass(frozen=True)
class Cell:
    """A run and what it is measured on."""

    recipe: str
    data: str
    adversary: bool
    seed: int

    @property
    def group(self) -> str:
        return f"{'vae' if self.recipe.startswith('vae') else self.recipe}-{self.data}"

    @property
    def name(self) -> str:
        return f"{self.group}-{'adversary' if self.adversary else 'error'}-{self.seed}"


def cells(seeds: int) -> list[Cell]:
    """Return every cell; seed 0 of all groups comes first."""
    tasks = [("superres", "mnist"), ("inpaint", "mnist"), ("superres", "portraits"), ("inpaint", "portraits")]
    found = [
        Cell(*task, adversary, seed) for seed in range(seeds) for task in tasks for adversary in (True, False)
    ]  # fmt: skip
    return found + [
        Cell(recipe, "portraits", recipe == "vae-gan", seed) for seed in range(seeds) for recipe in ("vae-gan", "vae")
    ]


@functools.cache
def judge(shown: int) -> torch.nn.Module:
    """Return the predictor of attributes that has learnt from 12,000 portraits of seed 1."""
    return predictor_of(lesson_of(portraits(SIDES["portraits"], 12_000, seed=1)), seed=1, shown=shown)


def attributes(x: Tensor) -> Tensor:
    """Return the hidden units of the judge, (N, 256)."""
    hidden: Tensor = judge(150_000).body[:-1](x)  # type: ignore[index,operator]
    return hidden


class _Clock:
    """Ends a run after so many seconds of processor time, and tells those of the run so far."""

    after_others = True

    def __init__(self, limit: float | None) -> None:
        self.limit, self.before, self.start = limit, 0.0, time.process_time()

    @property
    def seconds(self) -> float:
        return self.before + time.process_time() - self.start

    def due(self, step: int, last: bool) -> bool:
        return self.limit is not None and not last and self.seconds > self.limit

    def __call__(self, moment: Any) -> None:
        moment.stop("its time is up")

    def state_dict(self) -> dict[str, Any]:
        return {"seconds": self.seconds}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.before = state["seconds"]


def play(cell: Cell, wanted: argparse.Namespace) -> dict[str, Any]:
    """Train a cell, or go on with it, and return its figures."""
    run, limit = wanted.out / cell.name, None
    data = f"{wanted.mnist}/train.parquet" if cell.data == "mnist" else "portraits:20000"
    settings: dict[str, Any] = {"data": data, "image_size": SIDES[cell.data], "seed": cell.seed, "device": "cpu"}
    settings |= {"width": wanted.width, "batch": wanted.batch, "steps": wanted.steps, "threads": 1, "evaluate_every": 0}
    if cell.recipe.startswith("vae"):
        settings |= {"latent": 64}
        if not cell.adversary:  # as long as the run with the adversary took
            other = wanted.out / f"{dataclasses.replace(cell, adversary=True).name}.json"
            settings["steps"], limit = 10 * wanted.steps, 60 * json.loads(other.read_text())["minutes"]
    else:
        settings |= {"latent": 16, "schedule": "cosine"} | ({} if cell.adversary else {"adversarial": 0})
    clock = _Clock(limit)
    reached = RunFolder(run).checkpoints().last_step() if run.exists() else None
    if reached is None:
        gan = gansmith.train(cell.recipe, run, quiet=True, callbacks=[clock], **settings)
    else:
        gan = gansmith.resume(run, quiet=True, callbacks=[clock]) if reached < settings["steps"] else gansmith.load(run)
    minutes = None if reached == settings["steps"] else clock.seconds / 60  # nobody knows of one that is finished
    return measured(cell, gan, wanted) | {"minutes": minutes, "step": gan.step}


def measured(cell: Cell, gan: Any, wanted: argparse.Namespace) -> dict[str, Any]:
    """Return what `gansmith reconstruct` finds, and for variational autoencoders what samples of the prior are like."""
    count = wanted.samples
    features: str | Callable[[Tensor], Tensor] = attributes if cell.data == "portraits" else "random"
    held: Any = f"{wanted.mnist}/test.parquet"
    if cell.data == "portraits":
        held = portraits(SIDES["portraits"], 3 * count, seed=2)
    sheet = wanted.out / f"{cell.name}.png"
    report = gansmith.reconstruct(wanted.out / cell.name, held, count, features=features, device="cpu", out=sheet)
    found = {**report.metrics, "real_upper_energy": report.real["upper_energy"], **report.about}
    if cell.recipe.startswith("vae"):
        prior = gansmith.evaluate(gan, features=features, samples=count, device="cpu")
        found |= {"prior_kid": prior.metrics["kid"], "prior_fid": prior.metrics["fid"]}
    return found | {name: getattr(wanted, name) for name in ("width", "batch", "steps")}


def tables(out: Path, seeds: int) -> dict[str, str]:
    """Return the tables of all cells that have been run, by group."""
    texts = {}
    for group in dict.fromkeys(cell.group for cell in cells(seeds)):
        mine = [cell for cell in cells(seeds) if cell.group == group and (out / f"{cell.name}.json").exists()]
        found = {cell: json.loads((out / f"{cell.name}.json").read_text()) for cell in mine}
        if found:
            header = ["seed", "cost", *COLUMNS, *_more(group)]
            parts = [_title(group, list(found.values())), markdown(header, _rows(found)), _verdict(found)]
            texts[group] = "\n\n".join(part.strip() for part in parts if part.strip())
    return texts


def _more(group: str) -> list[str]:
    return ["KID of samples from the prior"] if group.startswith("vae") else []


def _title(group: str, found: list[dict[str, Any]]) -> str:
    one = found[0]
    return (
        f"**{group}**: width {one['width']}, minibatches of {one['batch']}, {one['steps']:,} steps; {one['samples']:,} "
        f"held-out targets against {one['reference']:,} others; features: {one['features']}"
    )


def _rows(found: dict[Cell, dict[str, Any]]) -> list[list[str]]:
    rows = []
    for cell, one in sorted(found.items(), key=lambda pair: (pair[0].seed, not pair[0].adversary)):
        share = one["upper_energy"] / one["real_upper_energy"]
        values = {**one, "upper_energy": share}
        told = ["" if values.get(key) is None else f"{values[key]:.{4 if key == 'psnr' else 3}g}" for key in KEYS]
        told += [f"{one['prior_kid']:.3g}"] if "prior_kid" in one else []
        rows.append([str(cell.seed), "with the adversary" if cell.adversary else "squared error alone", *told])
    return rows


def _verdict(found: dict[Cell, dict[str, Any]]) -> str:
    """Return how much of the upper-band energy that squared error loses the adversary makes up, a seed at a time."""
    told = []
    for cell, one in found.items():
        other = found.get(dataclasses.replace(cell, adversary=False))
        if cell.adversary and other and not cell.recipe.startswith("vae"):
            lost = other["real_upper_energy"] - other["upper_energy"]
            made_up = (one["upper_energy"] - other["upper_energy"]) / lost
            told.append(f"{made_up:.0%} at seed {cell.seed}")
    whole = f"Of the upper-band energy that squared error loses, the adversary makes up {', '.join(told)}."
    return whole if told else ""


def picture(group: str, out: Path) -> None:
    """Put what both answer at seed 0 below each other: what was shown, targets, squared error, adversary."""
    sheets = [out / f"{group}-{cost}-0.png" for cost in ("error", "adversary")]
    if not all(sheet.exists() for sheet in sheets):
        return
    error, adversary = (Image.open(sheet, formats=("PNG",)) for sheet in sheets)
    shown = [] if group.startswith("vae") else [(error, 0)]
    own = len(shown)  # columns of the sheets: what was shown, the target, answers
    rows = [*shown, (error, own), (error, own + 1), (adversary, own + 1)]
    page = Image.new("RGB", (ROWS * CELL + GAP, len(rows) * CELL + GAP), "white")
    for y, (sheet, column) in enumerate(rows):
        for x in range(ROWS):
            left, top = GAP + column * CELL, GAP + x * CELL
            page.paste(sheet.crop((left, top, left + TILE, top + TILE)), (GAP + x * CELL, GAP + y * CELL))
    save_picture(page, DOCS / "images" / f"learned-loss-{group}.png")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--mnist", type=Path, required=True)
    parser.add_argument("--only", nargs="*", help="groups, superres-mnist for one")
    parser.add_argument("--seeds", type=int, default=3)
    for name, default in (("width", 12), ("batch", 16), ("steps", 1500), ("samples", 1000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--write", action="store_true", help="only write what was run into docs/learned-loss.md")
    wanted = parser.parse_args()
    torch.set_num_threads(1)
    wanted.out.mkdir(parents=True, exist_ok=True)
    for cell in [] if wanted.write else cells(wanted.seeds):
        path = wanted.out / f"{cell.name}.json"
        done = path.exists() and "minutes" in json.loads(path.read_text())
        if done or (wanted.only and cell.group not in wanted.only):
            continue
        found = play(cell, wanted)
        path.write_text(json.dumps(found, indent=2, default=str))
        print(cell.name, {key: round(found[key], 5) for key in KEYS if found.get(key) is not None}, flush=True)
    for group, text in tables(wanted.out, wanted.seeds).items():
        print(text)
        if wanted.write:
            write_page(text, group, "learned-loss.md")
            picture(group, wanted.out)


if __name__ == "__main__":
    main()
