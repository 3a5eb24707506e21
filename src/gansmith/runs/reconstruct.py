"""Showing what a run answers about real samples, beside the samples themselves, and measuring it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from gansmith.data import Dataset
from gansmith.data.dataset import Batch, first
from gansmith.errors import GansmithError
from gansmith.generators.pictures import grid
from gansmith.generators.trained import TrainedGenerator
from gansmith.metrics.accumulators import Moments
from gansmith.metrics.answers import diversity
from gansmith.metrics.features import Features, open_features
from gansmith.metrics.form import Form
from gansmith.metrics.frechet import frechet_distance
from gansmith.metrics.kernel import kid
from gansmith.metrics.likeness import psnr, ssim
from gansmith.metrics.spectrum import upper_energy
from gansmith.numerics import settle_vector_mathematics
from gansmith.runs.answering import Answers, answerer
from gansmith.runs.evaluate import features_of
from gansmith.runs.loading import Which
from gansmith.runs.real import real_data
from gansmith.runs.report import Asked, Report, place
from gansmith.settings.values import expanded
from gansmith.training.device import find_device
from gansmith.training.pictures import save_picture

ROWS, COLUMNS = 12, 2  # questions on a sheet, in columns
TILE = 64  # pixels of a picture on it
REFERENCE = 10_000  # real samples beside the targets, at most


def reconstruct(
    run: str | Path,
    data: str | Dataset | None = None,
    samples: int = 2000,
    answers: int = 3,
    features: str | Callable[..., Any] | None = None,
    seed: int = 0,
    generator: Which = "last",
    device: str = "auto",
    trust: bool = False,
    out: str | Path | None = None,
) -> Report:
    """Let a run answer about real samples: fill their holes, enlarge their small pictures, or make them again.

    A sheet of questions, targets and answers, and a report as JSON beside it, go where `out` says.

    Args:
        run: a run folder; a generator's file is enough where the generator is shown something, and no encoder needed.
        data: real samples, by name or open; by default those the run was trained on.
        samples: targets that are measured.
        answers: to each of them, on the sheet and for diversity.
        features: of FID and KID, see `gansmith.metrics.features.open_features`; by default the run's own choice.
        seed: of holes and noise.
        generator: see `gansmith.load`; with an encoder, "last" is the generator as it is trained.
        device: where samples and features are computed.
        trust: import code of a user's own that the run names.
        out: FILE.png; by default reconstruction.png in the run's folder, or beside the generator's file.

    Raises:
        GansmithError: if something cannot be opened, or does not fit together.
    """
    settle_vector_mathematics()
    if samples < 2 or answers < 1:
        raise GansmithError(f"samples = {samples}, answers = {answers}: at least 2 and 1 are needed")
    where = find_device(device)
    gan, answer = answerer(run, generator, where, seed, trust)
    named = data if isinstance(data, str) else None
    dataset = real_data(gan, named, trust) if data is None or isinstance(data, str) else data
    path = _place(gan, out, Asked(data=named, seed=seed or None))
    targets, others = _parted(dataset, samples)
    found = answer(targets, answers)
    if not found.answers.isfinite().all():
        raise GansmithError(f"some answers of {gan.name} are NaN or infinite: the run has diverged")
    save_picture(_sheet(found, targets.x, min(ROWS * COLUMNS, len(targets.x))), path)
    look = open_features(features or features_of(gan, trust), dataset, where)
    report = _measured(gan, found, targets.x, others, look)
    report.about.update(data=dataset.description, answers=len(found.answers), seed=seed, generator=generator)
    return dataclasses.replace(report, path=path).write(path.with_suffix(".json"))


def _place(gan: TrainedGenerator, out: str | Path | None, asked: Asked) -> Path:
    path = place(gan, "reconstruction.png", asked) if out is None else expanded(str(out))
    assert path is not None
    if path.suffix != ".png":
        raise GansmithError(f"out = {path}: a sheet is a picture, FILE.png")
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _parted(dataset: Dataset, samples: int) -> tuple[Batch, Tensor]:
    """Return targets, and other real samples, all there are up to `REFERENCE`; at most half of the data are targets."""
    count = dataset.count
    wanted = samples if count is None else min(samples, count // 2)
    if wanted < 2:
        raise GansmithError(f"{dataset.description} has too few samples to answer about: give four at least")
    most = wanted + REFERENCE
    parts = list(first(dataset, most))
    joined = [None if part[0] is None else torch.cat(part) for part in zip(*parts, strict=True)]
    whole = Batch(*joined)  # type: ignore[arg-type]
    return whole.rows(wanted), whole.x[wanted:]


def _measured(gan: TrainedGenerator, found: Answers, targets: Tensor, others: Tensor, look: Features) -> Report:
    """Measure the first answers against their targets, and as a set against other real samples."""
    form = Form(gan.shape)
    real, rest = form(targets), form(others)
    answers = torch.stack([form(one) for one in found.answers])
    seen_rest = look(rest).features
    moments = Moments().update(seen_rest)
    report = Report(gan.name, {}, {}, {}, {})
    told = [look(pictures).features for pictures in (answers[0], real)]
    for values, pictures, seen in zip((report.metrics, report.real), (answers[0], real), told, strict=True):
        values["upper_energy"] = upper_energy(pictures)
        values["fid"] = frechet_distance(moments, Moments().update(seen))
        values["kid"], error = kid(seen_rest, seen)
        report.details["kid_error"] = error if values is report.metrics else report.details["kid_error"]
    unlike = (told[1] - told[1].roll(1, 0)).square().mean()
    report.metrics["feature_distance"] = float((told[0] - told[1]).square().mean() / unlike)
    report.metrics["psnr"] = 10 * math.log10(4 / float((answers[0].double() - real.double()).square().mean()))
    report.details["psnr_mean"] = float(psnr(answers[0], real).mean())
    report.metrics["ssim"] = float(ssim(answers[0], real).mean())
    if len(answers) > 1:
        report.metrics["answer_diversity"] = diversity(answers, real)
    facts = {"features": look.name, "dimensions": seen_rest.shape[1], "reference": len(rest), "samples": len(real)}
    own = {"run": gan.name, "recipe": gan.recipe, "step": gan.step}
    report.about.update(own | facts | {f"features {name}": value for name, value in look.about.items()} | form.about())
    return report


def _sheet(found: Answers, targets: Tensor, count: int) -> Any:
    """Return rows of: what was shown, the target, the answers."""
    shown = [] if found.shown is None else [found.shown[:count]]
    rows = torch.stack([*shown, targets[:count], *found.answers[:, :count]], dim=1)
    columns = min(COLUMNS, count)
    return grid(rows.flatten(0, 1), columns * rows.shape[1], TILE)
