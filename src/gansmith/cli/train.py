"""`gansmith train RECIPE …`."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from gansmith.cli.arguments import parse
from gansmith.config import Recipe, from_dict, to_dict
from gansmith.errors import GansmithError, unknown


@dataclass(frozen=True)
class Train:
    """Train a GAN and leave a run folder with its samples, numbers and checkpoints."""

    recipe: Annotated[Recipe, tyro.conf.arg(name="")]
    out: Path | None = None
    """Run folder; by default a fresh one under runs/."""


def main(arguments: list[str]) -> None:
    """Train a recipe whose fields the arguments change."""
    from gansmith.recipes import RECIPES

    if not arguments or arguments[0].startswith("-"):
        if arguments and arguments[0] in ("-h", "--help"):
            print(f"gansmith train RECIPE [fields]: RECIPE is one of {', '.join(RECIPES)}.")
            print("gansmith train RECIPE --help lists the fields and their values in that recipe.")
            return
        raise GansmithError(f"which recipe? gansmith train RECIPE, one of: {', '.join(RECIPES)}")
    name, *rest = arguments
    if name not in RECIPES:
        raise unknown("recipe", name, RECIPES)
    wanted = parse(Train, f"train {name}", rest, default=Train(RECIPES[name]()), about=_about(RECIPES[name].__doc__))
    recipe = from_dict(to_dict(wanted.recipe))  # checked like a recipe from any other door
    from gansmith.recipes.session import train

    print(train(recipe, wanted.out).run)


def _about(doc: str | None) -> str:
    return f"{inspect.cleandoc(doc or '')}\n\n{Train.__doc__}"
