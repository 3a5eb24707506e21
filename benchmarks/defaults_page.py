"""The tables of docs/defaults.md."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from defaults_cells import Cell
from judges import medians

from gansmith.cli.tables import markdown
from gansmith.recipes import RECIPES
from gansmith.recipes.shown import differences

LESS = ("fid", "kid", "W1", "V + log 4")
"""Measures of which less is better."""
TITLES = {
    "line": "The 1-D example",
    "mixtures": "Mixtures",
    "mixture": "The recipe for mixtures",
    "attributes": "Attributes of the built-in digits",
    "digits": "Algorithm 1 on MNIST",
    "labels": "Labels on MNIST",
    "pictures": "Pictures, five minutes of one thread: the last KID, and KID on the way",
    "others": "Every other recipe on mixtures, at most 90 seconds each",
    "others metrics": "Every other recipe on the built-in digits, at most 90 seconds each",
}


def tables(every: Sequence[Cell], found: dict[Cell, list[dict[str, Any]]], page: str) -> str:
    """Return a table for every group of cells that has been run.

    Args:
        every: all cells, in their order.
        found: what was found in each cell, a dictionary a seed.
        page: the page as it is, whose rows stay where no more seeds than theirs have been run.
    """
    kept, parts = _kept(page), []
    for group, judge in dict.fromkeys((cell.group, cell.judge) for cell in every):
        own = [cell for cell in every if (cell.group, cell.judge) == (group, judge)]
        rows = [row for cell in own if (row := _row(cell, found.get(cell, []), kept.get(cell.name, {})))]
        if rows:
            table = markdown(list(rows[0]), [[row.get(head, "") for head in rows[0]] for row in rows])
            title = TITLES.get(f"{group} {judge}", TITLES.get(group, group))
            parts.append(f"**{title}**\n\n{table}")
    return "\n\n".join([*parts, _papers()])


def _row(cell: Cell, runs: list[dict[str, Any]], kept: dict[str, str]) -> dict[str, str]:
    if len(runs) < int(kept.get("seeds", 1)):
        return kept
    names = [name for name in runs[0] if not name.startswith(("warnings", "seconds", "step"))]
    row = {"": cell.name, "seeds": str(len(runs))} | {name: _cell(runs, name) for name in names}
    return row | _costs(runs) | {"bound": _bound(cell, runs)}


def _kept(page: str) -> dict[str, dict[str, str]]:
    """Return the rows of a page's tables by their first cell."""
    rows: dict[str, dict[str, str]] = {}
    heads: list[str] = []
    for text in page.splitlines():
        cells = [cell.strip() for cell in text.strip("|").split("|")] if text.startswith("|") else []
        if cells and not cells[0]:
            heads = cells
        elif cells:
            rows[cells[0]] = dict(zip(heads, cells, strict=False))
    return rows


def _bound(cell: Cell, runs: list[dict[str, Any]]) -> str:
    """Return what the recipe's page promises, and whether the median keeps it."""
    promised = {} if cell.changes else RECIPES[cell.recipe]().bounds.get(cell.data_name, {})
    middle = medians([{name: run[name] for name in promised} for run in runs]) if promised else {}
    broken = [n for n, bound in promised.items() if (middle[n] > bound if n in LESS else middle[n] < bound)]
    told = ", ".join(f"{name} {'≤' if name in LESS else '≥'} {bound:g}" for name, bound in promised.items())
    return f"{told}: {'broken by ' + ', '.join(broken) if broken else 'kept'}" if promised else ""


def _papers() -> str:
    """Return the table of settings in which recipes differ from their papers."""
    rows = []
    for name, build in RECIPES.items():
        for setting, values in differences(build()).items():
            here = [f"{values[kind]}" if values[kind] != values["paper"] else "" for kind in ("images", "vectors")]
            rows.append([name, setting, f"{values['paper']}", *here])
    return "**Where defaults differ from the papers**\n\n" + markdown(
        ["", "setting", "paper", "images", "vectors"], rows
    )


def _cell(runs: list[dict[str, Any]], name: str) -> str:
    values = sorted(run[name] for run in runs if name in run)
    middle = medians([{name: value} for value in values])[name]
    return f"{middle:.3g}" + (f" ({values[0]:.3g} to {values[-1]:.3g})" if len(values) > 1 else "")


def _costs(runs: list[dict[str, Any]]) -> dict[str, str]:
    timed = [{"s": run["seconds"] / 60} for run in runs if "seconds" in run]
    minutes = f"{medians(timed)['s']:.1f}" if timed else ""
    warned = str(sum(any(text.startswith("step ") for text in run["warnings"]) for run in runs))  # not of measures
    return {"steps": f"{runs[0]['step']:,}", "minutes": minutes, "warned": warned}
