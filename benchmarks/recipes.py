"""A picture of every recipe: samples after a short run, for its page of the docs.

    python benchmarks/recipes.py                 # those that are not there yet: up to four minutes each
    python benchmarks/recipes.py --only wgan     # one of them anew

Runs are small and of one seed: they show what samples of a recipe look like, not what it can reach (docs/defaults.md).
Pictures go into docs/images/recipes, what was measured and the command into recipes.json beside them.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import torch

import gansmith
from gansmith.files import write_atomically
from gansmith.recipes import RECIPES

PLACE = Path(__file__).resolve().parents[1] / "docs" / "images" / "recipes"
DATA = {"normal1d": "normal", "normal1d-literal": "normal", "mixture": "ring"}
"""Of recipes that are about other data than digits."""
STEPS, SAMPLES, WIDTH = 1000, 64, 16
LONGER = ("vanilla", "cgan", "wgan", "wgan-var", "dragan", "r3gan")
"""Recipes of which four times as many steps are played: those whose steps are short, and those that learn slowly."""
MLPS = ("vanilla", "cgan")
FIGURES = ("fid", "recall", "modes", "high_quality", "wasserstein")


def settings(name: str) -> dict[str, Any]:
    """Return what a run changes of its recipe."""
    data = DATA.get(name, "digits")
    longer = name in LONGER or data != "digits"
    changes: dict[str, Any] = {"data": data, "steps": 4 * STEPS if longer else STEPS, "seed": 0}
    return changes | ({} if name in MLPS or data != "digits" else {"width": WIDTH})


def command(name: str) -> str:
    """Return the command line of a run."""
    flags = " ".join(f"--{key} {value}" for key, value in settings(name).items())
    return f"gansmith train {name} {flags}"


def played(name: str) -> dict[str, Any]:
    """Train a recipe for a short time, write the picture, and return the figures."""
    quiet: dict[str, Any] = {"device": "cpu", "threads": 1, "evaluate_every": 0}
    quiet |= {} if name in DATA else {"features": "random"}
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        gan = gansmith.train(name, Path(folder) / "run", quiet=True, **settings(name), **quiet)
        seconds = time.process_time() - start
        gan.write(PLACE / f"{name}.png", SAMPLES if len(gan.shape) == 3 else 2000)
        found = gansmith.evaluate(gan, samples=1000, device="cpu").metrics
    chosen = {key: round(found[key], 4) for key in FIGURES if key in found}
    return {"command": command(name), "seconds": round(seconds), **chosen}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", choices=[*RECIPES], help="these, anew")
    wanted = parser.parse_args()
    torch.set_num_threads(1)
    PLACE.mkdir(parents=True, exist_ok=True)
    path = PLACE / "recipes.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    for name in wanted.only or [name for name in RECIPES if name not in known]:
        known[name] = played(name)
        keep(path, {name: known[name] for name in RECIPES if name in known})
        print(name, known[name], flush=True)


def keep(path: Path, known: dict[str, Any]) -> None:
    """Write what was measured so far."""
    text = json.dumps(known, indent=1) + "\n"
    write_atomically(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))


if __name__ == "__main__":
    main()
