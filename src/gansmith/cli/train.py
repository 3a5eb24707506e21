"""`gansmith train RECIPE …`."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from gansmith.cli.arguments import parse_recipe


@dataclass(frozen=True)
class Train:
    """Train a GAN and leave a run folder with its samples, numbers and checkpoints."""

    out: Path | None = None
    """Run folder; by default a fresh one under runs/."""


def main(arguments: list[str]) -> None:
    """Train a recipe whose settings the arguments change."""
    wanted, recipe = parse_recipe(Train, "train", arguments)
    from gansmith.runs.session import fresh_folder, train

    with nullcontext(wanted.out) if wanted.out else fresh_folder(recipe) as out:
        print(train(recipe, out).run)
