"""Several runs side by side: one table, one picture, the same real samples and features for all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from PIL import Image, ImageDraw, ImageFont

from gansmith.data.dataset import REFERENCE_SEED, Dataset
from gansmith.errors import GansmithError
from gansmith.generators.trained import TrainedGenerator
from gansmith.metrics.evaluation import Evaluator
from gansmith.metrics.statistics import read_statistics
from gansmith.records.journal import read_journal
from gansmith.records.run_folder import RunFolder
from gansmith.runs.evaluate import evaluate_with, features_of
from gansmith.runs.loading import Which, load
from gansmith.runs.real import real_data
from gansmith.runs.report import Report
from gansmith.training import pictures
from gansmith.training.curves import curves
from gansmith.training.device import find_device

STRIP = 12  # images of a run that are shown
PANELS = ("fid", "kid", "precision", "recall", "coverage", "diversity", "modes", "sliced_wasserstein")


@dataclass(frozen=True)
class Comparison:
    """Reports of several runs, in the order they were named, and how long each was trained."""

    reports: list[Report]
    budgets: list[dict[str, Any]]
    """recipe, steps, batch, n_critic, seed and minutes of each run."""
    real: dict[str, float]
    """What perfect samples would score."""
    picture: Image.Image


def compare(
    runs: Sequence[str | Path],
    data: str | None = None,
    features: str | Callable[..., Any] | None = None,
    samples: int | None = None,
    seed: int = 0,
    generator: Which = "last",
    device: str = "auto",
    trust: bool = False,
) -> Comparison:
    """Measure several runs against the same real samples with the same features.

    Args:
        runs: run folders or generators' files, of samples of one shape.
        data: the real samples; by default those the runs were trained on, which must then be the same.
        features, samples, seed, generator, device, trust: as for `evaluate`; by default the features of the first run.

    Raises:
        GansmithError: if the runs cannot be compared.
    """
    if data is not None and read_statistics(data) is not None:
        raise GansmithError(f"--data {data} holds mu and sigma, and a comparison needs real samples: use evaluate")
    where = find_device(device)
    gans = [load(run, device=str(where), generator=generator, trust=trust) for run in runs]
    _check(gans, data)
    dataset = real_data(gans[0], data, trust)
    evaluator = Evaluator(dataset, features or features_of(gans[0], trust), device=where)
    reports = [evaluate_with(evaluator, gan, samples, seed, generator) for gan in gans]
    picture = _picture(gans, dataset, seed)
    return Comparison(reports, [_budget(gan) for gan in gans], reports[0].real, picture)


def _check(gans: Sequence[TrainedGenerator], data: str | None) -> None:
    if len(gans) < 2:
        raise GansmithError("name two runs or more to compare")
    first = gans[0]
    for gan in gans[1:]:
        if gan.shape != first.shape:
            raise GansmithError(f"{gan.name} makes samples of shape {gan.shape}, {first.name} of {first.shape}")
        if data is None and _data(gan) != _data(first):
            raise GansmithError(
                f"{gan.name} was trained on {_data(gan)}, {first.name} on {_data(first)}: "
                "choose the real samples with --data"
            )


def _data(gan: TrainedGenerator) -> str:
    return str(gan.made_by.get("recipe", {}).get("source", {}).get("data", "unknown data"))


def _budget(gan: TrainedGenerator) -> dict[str, Any]:
    seconds, before = 0.0, 0
    for entry in read_journal(RunFolder(gan.run).journal) if gan.run else []:
        rate = entry.get("steps_per_second")
        if rate:
            seconds += (entry["step"] - before) / rate
        before = entry["step"] if "generator/cost" in entry else before
    recipe = gan.made_by.get("recipe", {})
    training = recipe.get("training", {})
    return {
        "run": gan.name,
        "recipe": gan.recipe,
        "steps": gan.step,
        "n_critic": recipe.get("dynamics", {}).get("n_critic", 1),
        "batch": training.get("batch", ""),
        "seed": training.get("seed", ""),
        "minutes": round(seconds / 60, 1) if gan.run else "",
    }


def _picture(gans: Sequence[TrainedGenerator], dataset: Dataset, seed: int) -> Image.Image:
    """Draw a strip of samples of each run below one of real samples, and their curves below that."""
    journals = {gan.name: read_journal(RunFolder(gan.run).journal) for gan in gans if gan.run}
    course = curves(journals, PANELS)
    is_image = len(dataset.shape) == 3
    count = STRIP if is_image else 2000
    real = next(dataset.batches(count, REFERENCE_SEED, 0, torch.device("cpu"))).x
    if is_image:
        rows = [("real", pictures.grid(real, columns=count))]
        rows += [(gan.name, pictures.grid(gan.sample(count, seed), columns=count)) for gan in gans]
        samples = _labelled(rows)
    else:
        plots = [pictures.scatter(gan.sample(count, seed), real, gan.name) for gan in gans]
        samples = Image.new("RGB", (sum(p.width for p in plots), plots[0].height), "white")
        for i, plot in enumerate(plots):
            samples.paste(plot, (i * plot.width, 0))
    width = max(samples.width, course.width)
    sheet = Image.new("RGB", (width, samples.height + course.height), "white")
    sheet.paste(samples, ((width - samples.width) // 2, 0))
    sheet.paste(course, ((width - course.width) // 2, samples.height))
    return sheet


def _labelled(rows: Sequence[tuple[str, Image.Image]]) -> Image.Image:
    """Stack strips of one size, each with its name to the left."""
    font = ImageFont.load_default(15)
    margin = int(max(font.getlength(name) for name, _ in rows)) + 16
    strip = rows[0][1]
    sheet = Image.new("RGB", (margin + strip.width, len(rows) * strip.height), "white")
    draw = ImageDraw.Draw(sheet)
    for i, (name, picture) in enumerate(rows):
        draw.text((8, i * strip.height + strip.height // 2), name, fill="black", font=font, anchor="lm")
        sheet.paste(picture, (margin, i * strip.height))
    return sheet
