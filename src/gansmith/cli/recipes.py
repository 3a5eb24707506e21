"""`gansmith recipes`."""

from __future__ import annotations

from dataclasses import dataclass

from gansmith.cli.arguments import parse


@dataclass(frozen=True)
class Recipes:
    """List the recipes."""


def main(arguments: list[str]) -> None:
    """Print every recipe with the first sentence about it."""
    parse(Recipes, "recipes", arguments)
    from gansmith.recipes import RECIPES

    for name, build in RECIPES.items():
        print(f"{name:16} {(build.__doc__ or '').splitlines()[0]}")
