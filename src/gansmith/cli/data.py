"""`gansmith data`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from gansmith.cli.arguments import POSITIONAL, parse_some, read_setting
from gansmith.errors import GansmithError, unknown
from gansmith.settings.components import bare, settings_of

if TYPE_CHECKING:
    from gansmith.data import Dataset, Source


@dataclass(frozen=True)
class Data:
    """List the built-in data sets, or open one (or a folder, file or hub set) and tell what it holds.

    All settings of a run's data can be given, see gansmith train RECIPE --help-all: --image-column, --label-column,
    --attribute-columns, --split, --skip, --label-bins, --image-size, --fit, --as, --values, --background.
    """

    name: Annotated[str | None, POSITIONAL] = None
    """Built-in set, folder, file or hub:OWNER/NAME."""
    preview: Path | None = None
    """Picture of some samples to be written, FILE.png."""
    json: bool = False
    """Print all facts as JSON."""


PREVIEWED = 64


def main(arguments: list[str]) -> None:
    """Print the list, or the sheet of one set."""
    wanted, given = parse_some(Data, "data", arguments)
    from gansmith.data import BUILT_IN, open_dataset
    from gansmith.data.fingerprint import check_apart
    from gansmith.data.sheet import sheet, told
    from gansmith.data.unused import check_size

    if wanted.name is None:
        for name, description in BUILT_IN.items():
            print(f"{name:12} {description}")
        print("also: an image folder, a .parquet, .npy or .npz file, or hub:OWNER/NAME")
        return
    source = _source(wanted.name, given)
    if wanted.preview is not None:
        check_apart(wanted.preview, wanted.name, "--preview")
        if wanted.preview.is_dir():
            raise GansmithError(f"--preview {wanted.preview}: is a folder: name a picture in it, FILE.png")
    dataset = open_dataset(source)
    check_size(source, tuple(dataset.shape), dataset.description)
    facts = {**sheet(dataset), "run": _run(dataset, wanted.name)}
    if wanted.preview is not None:
        _draw(dataset, wanted.preview)
    if wanted.json:
        print(json.dumps(facts, indent=2))
        return
    known = [_list("labels", dataset.label_names) or "no labels", _list("attributes", dataset.attribute_names)]
    print("; ".join([dataset.description, *filter(None, known)]))
    drawn = [] if wanted.preview is None else [f"samples: {wanted.preview}"]
    print("\n".join([*told(facts), *drawn, facts["run"]]))


def _source(name: str, given: dict[str, Any]) -> Source:
    from gansmith.data import Source

    fields = {bare(field.name): field for field in settings_of(Source)}
    values: dict[str, Any] = {}
    for flag, words in given.items():
        if flag not in fields or flag == "data":
            raise unknown("flag", f"--{flag.replace('_', '-')}", [f"--{one.replace('_', '-')}" for one in fields])
        values[fields[flag].name] = read_setting(Source, fields[flag], words, flag)
    return Source(name, **values)


def _run(dataset: Dataset, name: str) -> str:
    """Say what a run with defaults would do with them."""
    from gansmith.recipes import recipe
    from gansmith.recipes.composition import suited

    images = len(dataset.shape) == 3
    plan = recipe("dcgan" if images else "mixture")
    plan = suited(plan, tuple(dataset.shape)) if plan.by_data else plan
    batch, steps = plan.training.batch, plan.training.steps
    side = getattr(plan.network, "fit", int)(dataset.shape[-1])
    what = f"at {side}x{side} pixels" if images else f"as {dataset.shape[0]} numbers"
    often = "" if dataset.count is None else f", each sample about {batch * steps / dataset.count:,.1f} times"
    labels = "; cdcgan takes the labels" if dataset.label_names and images else ""
    return f"gansmith train {plan.name} --data {name}: {what}, {steps:,} steps of {batch}{often}{labels}"


def _draw(dataset: Dataset, path: Path) -> None:
    """Write a picture of samples of a fixed shuffle."""
    import torch

    from gansmith.data.dataset import first
    from gansmith.files import write_atomically
    from gansmith.generators.pictures import grid, scatter

    images = len(dataset.shape) == 3
    x = torch.cat([batch.x for batch in first(dataset, PREVIEWED if images else 2000)])
    picture = grid(x) if images else scatter(x[:0], x, dataset.description)
    write_atomically(path, lambda temporary: picture.save(temporary, "PNG"))


def _list(what: str, names: list[str], most: int = 20) -> str:
    """Return the names, the first of them if there are many."""
    more = f", … {len(names):,} in all" if len(names) > most else ""
    return f"{what}: {', '.join(names[:most])}{more}" if names else ""
