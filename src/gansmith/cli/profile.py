"""`gansmith profile RECIPE …`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gansmith.cli.arguments import parse_recipe

if TYPE_CHECKING:
    from gansmith.runs.profile import Profile as Found

STEPS = 30


@dataclass(frozen=True)
class Profile:
    """Train a little, keep nothing, and tell where the time of a step goes.

    Here --steps says how many steps are measured. How often pictures, evaluations and checkpoints come is taken from a
    run as long as the recipe's own.
    """


def main(arguments: list[str]) -> None:
    """Profile a recipe whose fields the arguments change, and print a table."""
    _, recipe = parse_recipe(Profile, "profile", arguments, {"steps": STEPS})
    from gansmith.cli.tables import show
    from gansmith.recipes import named
    from gansmith.recipes.composition import change
    from gansmith.runs.profile import profile

    steps = recipe.training.steps
    found = profile(change(recipe, {"steps": named(arguments[0]).training.steps}), steps)
    print(found.about)
    show("", ["part", "ms per step", "share"], rows(found))
    print(caption(found))


def rows(found: Found) -> list[list[str]]:
    """Return a line for every part of a step, the largest first, and one for the whole."""
    parts = sorted(found.parts.items(), key=lambda part: -part[1])
    lines = [[name, f"{spent:.3f}", f"{spent / found.total:.1%}"] for name, spent in parts]
    return [*lines, ["[bold]a step[/bold]", f"[bold]{found.total:.3f}[/bold]", "[bold]100.0%[/bold]"]]


def caption(found: Found) -> str:
    """Say what a step is without its callbacks, what looking into it costs, and how near to its best the machine is."""
    rate = found.flops / (found.undisturbed / 1000)
    return (
        f"{found.undisturbed:.3f} ms without pictures, evaluations, …; looking into it: {found.step:.3f} ms\n"
        f"{found.flops / 1e9:.3g} GFLOP in it: {rate / 1e9:.3g} GFLOP/s, "
        f"{rate / found.peak:.0%} of the {found.peak / 1e9:.3g} that this machine reaches"
    )
