"""`gansmith train RECIPE …`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from gansmith.cli.arguments import parse_recipe
from gansmith.config import Recipe, from_dict, to_dict


@dataclass(frozen=True)
class Train:
    """Train a GAN and leave a run folder with its samples, numbers and checkpoints."""

    recipe: Annotated[Recipe, tyro.conf.arg(name="")]
    out: Path | None = None
    """Run folder; by default a fresh one under runs/."""


def main(arguments: list[str]) -> None:
    """Train a recipe whose fields the arguments change."""
    wanted = parse_recipe(Train, "train", arguments)
    recipe = from_dict(to_dict(wanted.recipe))  # checked like a recipe from any other door
    from gansmith.runs.session import train

    print(train(recipe, wanted.out).run)
