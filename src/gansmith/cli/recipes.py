"""`gansmith recipes [NAME]`."""

from __future__ import annotations

from dataclasses import dataclass

from gansmith.cli.arguments import parse, parse_recipe


@dataclass(frozen=True)
class Recipes:
    """List the recipes, or show the whole composition of one and where each value comes from."""


def main(arguments: list[str]) -> None:
    """Print every recipe with the first sentence about it, or the composition of the one that is named."""
    from gansmith.recipes import RECIPES, named

    if not arguments or arguments[0].startswith("-"):
        parse(Recipes, "recipes", arguments)
        for name, build in RECIPES.items():
            print(f"{name:16} {(build.__doc__ or '').splitlines()[0]}")
        return
    from gansmith.recipes.shown import composition, suiting

    _, recipe = parse_recipe(Recipes, "recipes", arguments)
    base = named(arguments[0])
    print(composition(recipe, base) + suiting(base), end="")
