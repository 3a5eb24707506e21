"""A page for every recipe, and the page that says which to take."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gansmith.recipes import RECIPES
from gansmith.recipes.composition import Recipe, suited
from gansmith.recipes.shown import composition, differences, suiting

_RUNS = Path(__file__).parent / "images" / "recipes" / "recipes.json"
PLAYED: Mapping[str, Mapping[str, Any]] = json.loads(_RUNS.read_text(encoding="utf-8")) if _RUNS.is_file() else {}
"""Short runs of recipes, whose samples lie as pictures beside that file."""

CHOICES = [
    ("small gray or colour images", "dcgan r3gan", "fast and plain; steadier, and covers more modes"),
    ("small colour pictures of one kind of thing", "style", "styles drive every layer"),
    ("few images", "diffaugment lecam", "the discriminator cannot learn them by heart"),
    ("clusters in the plane, tables", "mixture", "it sees narrow modes, and draws them as wide as they are"),
    ("labels", "cdcgan acgan", "ask for a class"),
    ("several attributes", "attribute-gan", "ask for each"),
    ("neither, and you want handles", "infogan", "codes come to mean something by themselves"),
    ("a run that finds few modes", "r3gan minibatch instance-noise", "what helped most on the ring and the grid"),
    ("a course to follow", "vanilla normal1d wgan", "the papers' own algorithms"),
]
"""What somebody has, which recipes to try, in this order, and why."""
WHICH = """# Recipes

| you have | take | because |
| --- | --- | --- |
{rows}

Each is one small file with its paper's defaults; `gansmith recipes NAME` prints what its page shows.

| recipe | in one line |
| --- | --- |
"""


def recipe_pages() -> Iterator[tuple[str, str]]:
    """Yield the pages, by where they stand."""
    rows = [f"| [{name}]({name}.md) | {summary(build)} |\n" for name, build in RECIPES.items()]
    choices = [f"| {has} | {', '.join(f'[{n}]({n}.md)' for n in take.split())} | {why} |" for has, take, why in CHOICES]
    yield "recipes/index.md", WHICH.format(rows="\n".join(choices)) + "".join(rows)
    for name, build in RECIPES.items():
        yield f"recipes/{name}.md", recipe_page(name, build())


def short_run(run: Mapping[str, Any]) -> str:
    """Return what a picture of samples shows: the command, and what was measured of it."""
    told = ", ".join(f"{name.replace('_', ' ')} {run[name]:g}" for name in run if name not in ("command", "seconds"))
    features = "; FID in features of a random network" if "fid" in run and "digits" in run["command"] else ""
    return (
        f"Samples after a short run, `{run['command']}`, {run['seconds']} seconds of one thread: {told}{features} "
        "(`python benchmarks/recipes.py`)."
    )


def summary(build: Any) -> str:
    """Return the first line of what a recipe says of itself, without its name."""
    return str(inspect.getdoc(build)).splitlines()[0].partition(": ")[2] or str(inspect.getdoc(build)).splitlines()[0]


def recipe_page(name: str, recipe: Recipe) -> str:
    """Return a recipe's page: what its paper says, what is other here, what it reaches, and the whole composition."""
    first, _, rest = str(inspect.getdoc(RECIPES[name])).partition("\n")
    parts = [f"# {name}\n", first, rest.strip(), f"```sh\ngansmith train {name} --data DATA\n```"]
    if name in PLAYED:
        parts += [f"![Samples of {name}](../images/recipes/{name}.png)", short_run(PLAYED[name])]
    other = differences(recipe)
    parts.append("## What its paper has, and what stands here\n")
    if other:
        head = "| setting | paper | on images | on vectors |\n| --- | --- | --- | --- |\n"
        rows = [f"| `{one}` | {v['paper']} | {v['images']} | {v['vectors']} |\n" for one, v in other.items()]
        parts.append(head + "".join(rows))
    else:
        parts.append("No setting of the paper's that it names has another value here.")
    parts.append("## What it reaches\n")
    if recipe.bounds:
        head = "| on | at its defaults, or better | command |\n| --- | --- | --- |\n"
        rows = [f"| {data} | {told(them)} | {_command(name, data)} |\n" for data, them in recipe.bounds.items()]
        parts.append(head + "".join(rows) + "\n[Defaults](../defaults.md) tells how it was measured, with which seeds.")
    else:
        parts.append("Nothing is claimed of it: [Defaults](../defaults.md) has what was measured.")
    parts.append("## All of it\n")
    for kind, shape in (("On gray images", (1, 28, 28)), ("On vectors", (2,))):
        text = composition(suited(recipe, shape))
        parts.append(f'=== "{kind}"\n\n' + indented(f"```text\n{text}```"))
    if suiting(recipe):
        parts.append('=== "What changes with the data"\n\n' + indented(f"```text\n{suiting(recipe)}```"))
    return "\n\n".join(part for part in parts if part) + "\n"


def _command(name: str, data: str) -> str:
    word = data.split()[0].lower()
    return f"`gansmith train {name} --data {word}`"


def told(bounds: Mapping[str, float]) -> str:
    """Return bounds as words."""
    return ", ".join(f"{measure} {bound:g}" for measure, bound in bounds.items())


def indented(text: str) -> str:
    """Return text as the inside of a tab."""
    return "\n".join(f"    {line}" if line else line for line in text.splitlines()) + "\n"
