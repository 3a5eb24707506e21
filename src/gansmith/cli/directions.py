"""`gansmith directions RUN …`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from gansmith.cli.arguments import POSITIONAL, parse
from gansmith.errors import GansmithError

if TYPE_CHECKING:
    from torch import Tensor

    from gansmith.latent import Directions

NARROW = 12  # attributes whose names fit above the columns of a table


@dataclass(frozen=True)
class FindDirections:
    """Learn what moves the attributes of a run's samples, for `gansmith sample RUN --sliders Smiling=80`.

    A predictor learns the attributes from the labelled data, once, and reads them off many of the generator's samples.
    What it takes to move them goes into directions.safetensors beside the generator, how far others move along into
    tables here and into directions.json.
    """

    run: Annotated[Path, POSITIONAL]
    """Run folder, or a generator's .safetensors file."""
    data: str | None = None
    """Images with attributes or labels (as for train); by default those the run was trained on."""
    attributes: str | None = None
    """Some of their attributes or classes, Young,Smiling; by default all attributes, or all classes if there are no
    attributes."""
    samples: int = 10_000
    """Samples of the generator that are labelled."""
    seed: int = 0
    """Seed of those samples and of the fit."""
    lock: str | None = None
    """Attributes whose axes stay as they are when axes are made orthogonal, Male,Young; the others give way."""
    axes: Literal["linear", "logistic"] = "linear"
    """Straight axes by linear regression on logits, or by logistic regression on probabilities."""
    unsupervised: Literal["both", "closed-form", "principal-components", "none"] = "both"
    """Directions to look for without labels: by the generator's weights (SeFa), or of its points (GANSpace)."""
    people: int = 100
    """On how many other samples it is measured what else moves."""
    generator: Literal["last", "best", "raw"] = "last"
    """The one of the last checkpoint, the best one by the run's metric, or the last one as trained, not averaged."""
    device: str = "auto"
    """auto, cpu, cuda or cuda:N."""
    trust: bool = False
    """Import code of its own that the run or the file names."""
    out: Path | None = None
    """A new folder for picture strips, one a direction: five people in rows, 0 to 100 in columns."""


def main(arguments: list[str]) -> None:
    """Learn directions, print what they move, and say where they are."""
    wanted = parse(FindDirections, "directions", arguments)
    if wanted.out is not None and (wanted.out.suffix or wanted.out.is_file()):
        raise GansmithError(f"--out {wanted.out}: strips need a new folder")
    if wanted.out is not None and wanted.out.is_dir() and any(wanted.out.iterdir()):
        raise GansmithError(f"--out {wanted.out} already holds files: choose a new folder")
    from gansmith.latent.strips import write_strips
    from gansmith.runs.directions import directions

    w = wanted
    names, lock = (tuple(named(text)) for text in (w.attributes, w.lock))
    fit = (w.samples, w.seed, lock, w.axes, w.unsupervised)
    found = directions(w.run, w.data, names, *fit, w.generator, w.device, w.trust, w.people)
    _show(found)
    if found.path is not None:
        print(found.path)
        print(found.path.with_suffix(".json"))
    if w.out is not None:
        write_strips(found, w.out)
        print(w.out)


def named(text: str | None) -> list[str]:
    """Return the names that stand in a text with commas between them.

    >>> named("Young, Smiling"), named(None)
    (['Young', 'Smiling'], [])
    """
    return [name.strip() for name in (text or "").split(",") if name.strip()]


def _show(found: Directions) -> None:
    from gansmith.cli.tables import figure, show

    about, far = found.about, found.axes.slopes.tolist()
    rows = [
        [name, *(figure(float(value)) for value in values)]
        for name, *values in zip(
            found.names, found.scores[1], found.scores[0], found.r2, found.having / about["samples"], far, strict=True
        )
    ]
    told = f"told of {about['held out']:,} images that the predictor has not seen"
    show(
        "Attributes",
        ["", "right", "R²", "R² from the latent point", "share of samples", "slope of the axis"],
        rows,
        f"right, R²: {told} of {about['data']}; slope: of the logit, for a standard deviation",
    )
    for way, matrix in found.matrices.items():
        _show_matrix(found, way, matrix)
    if found.unsupervised:
        rows = [
            [f"{one.method} {k + 1}", found.names[i], *(figure(float(part[k, i])) for part in parts)]
            for one in found.unsupervised
            for parts in [(one.changes, one.correlation)]
            for k, i in enumerate(one.moves)
        ]
        show("Without labels", ["", "moves most", "mean |change|", "rank correlation"], rows)


def _show_matrix(found: Directions, way: str, matrix: Tensor) -> None:
    """Print a matrix in hundredths; where there are many attributes, columns have numbers above them."""
    from gansmith.cli.tables import show

    names = found.names
    many = len(names) > NARROW
    heads = [str(i + 1) for i in range(len(names))] if many else list(names)
    rows = [
        [f"{i + 1} {name}" if many else name, *(f"{100 * value:.0f}" for value in row)]
        for i, (name, row) in enumerate(zip(names, matrix.tolist(), strict=True))
    ]
    show(
        f"Moved by {way}",
        ["moved", *heads],
        rows,
        f"mean |change| of what the predictor says, in hundredths, as an attribute goes from 10 to 90; "
        f"{found.about['people']} people",
    )
