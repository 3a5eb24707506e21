"""`gansmith sweep RECIPE …`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gansmith.cli.arguments import parse_recipe, read_setting
from gansmith.errors import GansmithError
from gansmith.recipes import former
from gansmith.settings import Count, View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gansmith.recipes.composition import Recipe
    from gansmith.runs.sweep import Cell


@dataclass(frozen=True)
class Sweep:
    """Train a recipe from several seeds, and for every value of fields given as field=a,b,c; print mean ± sd.

    Start the same command again to go on with a sweep that was interrupted.
    """

    seeds: Count = 5
    """Runs of every combination, from seed --seed on."""
    jobs: Count | None = None
    """Runs at a time; by default one per core, one on a GPU."""
    out: Path | None = None
    """Folder of the runs; by default runs/sweep-RECIPE-DATA."""


def main(arguments: list[str]) -> None:
    """Sweep, and print one row per combination."""
    swept = [word for word in arguments[1:] if _is_swept(word)]
    wanted, recipe = parse_recipe(Sweep, "sweep", [word for word in arguments if word not in swept])
    grid = dict(_values(recipe, word) for word in swept)
    if len(grid) < len(swept):
        raise GansmithError("a field is swept twice: give all its values at once, field=a,b,c")
    from gansmith.cli.tables import markdown, show
    from gansmith.files import write_atomically
    from gansmith.runs.sweep import sweep

    out = wanted.out or Path("runs") / f"sweep-{recipe.name}-{Path(recipe.source.data.removeprefix('hub:')).stem}"
    cells = sweep(recipe, out, wanted.seeds, grid, wanted.jobs)
    header, rows = table(cells)
    training, data = recipe.training, recipe.source.data
    caption = f"{recipe.name} on {data}: {training.steps:,} steps of batch {training.batch}, mean ± sd over seeds"
    show("", header, rows, caption)
    page = markdown(header, rows) + f"\n{caption}\n"
    write_atomically(out / "sweep.md", lambda temporary: temporary.write_text(page, encoding="utf-8"))
    print(out)


def table(cells: Sequence[Cell]) -> tuple[list[str], list[list[str]]]:
    """Return header and rows: a column per combination, a row per metric, the best mean in bold."""
    from gansmith.cli.tables import BOLD, figure
    from gansmith.metrics.catalogue import METRICS, badness

    combinations = [", ".join(f"{name}={value}" for name, value in cell.changes.items()) for cell in cells]
    rows = [["runs", *(str(len(cell.runs)) for cell in cells), ""]]
    rows.append(["diverged", *(str(sum(run.diverged is not None for run in cell.runs)) for cell in cells), ""])
    for name, metric in METRICS.items():
        spreads = [cell.spread(name) for cell in cells]
        if not any(spreads):
            continue
        figures = ["" if s is None else figure(s[0], s[1] if s[1] == s[1] else None) for s in spreads]
        bad = [badness(name, s[0]) if s else float("inf") for s in spreads]
        marked = [BOLD.format(c) if len(cells) > 1 and b == min(bad) else c for c, b in zip(figures, bad, strict=True)]
        rows.append([metric.title, *marked, metric.better])
    return ["", *combinations, "better"], rows


def _is_swept(word: str) -> bool:
    return "=" in word and not word.startswith("-")


def _values(recipe: Recipe, word: str) -> tuple[str, list[Any]]:
    """Return the setting and the values that `setting=a,b,c` names."""
    name, _, texts = word.partition("=")
    name = name.replace("-", "_")
    known = View(recipe).field(former.NAMES.get(name, name))
    return name, [read_setting(*known, [text], name) if known else text for text in texts.split(",")]
