"""Measuring a run, or any set of samples, against real data."""

from __future__ import annotations

import contextlib
import dataclasses
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from gansmith.data import Dataset, Source, open_dataset
from gansmith.data.dataset import first
from gansmith.errors import GansmithError
from gansmith.generators.trained import TrainedGenerator
from gansmith.metrics.demand import check_samples
from gansmith.metrics.evaluation import Evaluator, MetricValues, standard_samples
from gansmith.metrics.form import Form, words
from gansmith.metrics.own import OwnMetric
from gansmith.metrics.statistics import StatisticsEvaluator, read_statistics
from gansmith.numerics import settle_vector_mathematics
from gansmith.runs.loading import Which, is_generator, load
from gansmith.runs.nearest import Album
from gansmith.runs.real import real_data, source_of
from gansmith.runs.report import Asked, Report, place
from gansmith.settings.foreign import refuse_foreign
from gansmith.training.device import find_device

AnyEvaluator = Evaluator | StatisticsEvaluator


def evaluate(
    target: str | Path | TrainedGenerator,
    data: str | None = None,
    features: str | Callable[..., Any] | None = None,
    samples: int | None = None,
    seed: int = 0,
    generator: Which = "last",
    device: str = "auto",
    trust: bool = False,
    metrics: Sequence[str | OwnMetric] = (),
) -> Report:
    """Measure a generator, or a set of samples, and leave `metrics.json` in the run's folder, or beside the file.

    Whatever is not the standard evaluation of a run stands in the file's name, metrics-raw-seed-1.json, and in that of
    nearest.png, so that none replaces another. At which size and range samples are compared: `gansmith.metrics.form`.

    Args:
        target: a run folder, a generator's file or what `gansmith.load` returned; or data in any form that `--data`
            takes, measured as if it were generated (the same data as `data`: one half is measured against the other).
        data: the real samples; by default those the run was trained on. Or an .npz file of `mu` and `sigma`, the
            statistics that other tools keep of their `features`, which must then be named: FID alone.
        features: see `gansmith.metrics.features.open_features`; by default the run's own choice.
        samples: how many are drawn; by default 10,000 images, 26,000 of stacked digits, 2,500 vectors.
        seed: of the noise.
        generator: the run's last generator, its best, or the raw one; see `gansmith.load`.
        device: where samples and features are computed.
        trust: import code of a user's own that the run or the file names.
        metrics: of your own, besides ours and those of the run; see `gansmith.metrics.own`.

    Raises:
        GansmithError: if something cannot be opened, or does not fit together.
    """
    settle_vector_mathematics()
    start = time.perf_counter()
    if samples is not None and samples < 2:
        raise GansmithError(f"samples = {samples} must be at least 2")
    check_samples(samples or 0, 1)  # as little as may be; with what features there are before they are drawn
    where = find_device(device)
    if isinstance(target, TrainedGenerator) or is_generator(target):
        gan = target if isinstance(target, TrainedGenerator) else load(target, None, str(where), generator, trust)
        report = _evaluate_generator(gan, Asked(features, generator, data, samples, seed, metrics), where, trust)
    else:
        report = _evaluate_data(str(target), data, features, samples, where)
    report.about["seconds"] = round(time.perf_counter() - start, 1)
    return report if report.path is None else report.write(report.path)


def _evaluate_generator(gan: TrainedGenerator, asked: Asked, device: torch.device, trust: bool) -> Report:
    """Measure a generator, and leave the closest pairs where its pictures go."""
    statistics = None if asked.data is None else read_statistics(asked.data)
    evaluator: AnyEvaluator
    if statistics is not None:
        evaluator = StatisticsEvaluator(statistics, asked.features, gan.shape, device)
    else:
        mine, choice = (*own_metrics_of(gan, trust), *asked.metrics), asked.features or features_of(gan, trust)
        evaluator = Evaluator(real_data(gan, asked.data, trust), choice, None, device, mine)
    count = asked.samples or standard_samples(evaluator.dataset)
    unusual = _unusual(gan, asked, standard_samples(evaluator.dataset))
    path = place(gan, "nearest.png", unusual)
    album = None if path is None or len(gan.shape) != 3 or statistics is not None else Album(gan.shape, count)
    found = _measure(evaluator, gan, count, asked.seed or 0, album)
    if album is not None and path is not None and found.copies is not None:
        album.draw(found.copies, evaluator.dataset, path)
    report = _report_of(evaluator, gan, found, count, asked.seed or 0, unusual.generator or "last")
    return dataclasses.replace(report, path=place(gan, "metrics.json", unusual))


def evaluate_with(
    evaluator: Evaluator, gan: TrainedGenerator, samples: int | None = None, seed: int = 0, generator: str = "last"
) -> Report:
    """Measure a generator against real samples that are already open; nothing is written."""
    count = samples or standard_samples(evaluator.dataset)
    return _report_of(evaluator, gan, _measure(evaluator, gan, count, seed), count, seed, generator)


def _measure(
    evaluator: AnyEvaluator, gan: TrainedGenerator, count: int, seed: int, album: Album | None = None
) -> MetricValues:
    """Measure samples as they are made; labels are asked for as often as the data have them, as in the journal."""
    check_samples(count, evaluator.dimensions, gan.prior.latent + gan.condition.size)
    latents = gan.latents(count, seed)
    with contextlib.closing(gan.make(latents)) as samples:
        return evaluator.evaluate(samples if album is None else album.watch(samples), gan.labels_of(latents))


def _report_of(
    evaluator: AnyEvaluator, gan: TrainedGenerator, found: MetricValues, count: int, seed: int, generator: str
) -> Report:
    own = {"run": gan.name, "recipe": gan.recipe, "step": gan.step, "generator": generator, "seed": seed}
    return _report(gan.name, evaluator, found, count, own)


def _unusual(gan: TrainedGenerator, asked: Asked, standard: int) -> Asked:
    """Return what of a request differs from the standard evaluation of a generator's run."""
    stored, best = _evaluation(gan), gan.run and gan.file and gan.file.stem == "best"
    generator = "best" if best else asked.generator if gan.run else None
    return Asked(
        None if asked.features == stored.get("features", "auto") else asked.features,
        None if generator == "last" else generator,
        None if asked.data == source_of(gan).get("data") else asked.data,
        None if asked.samples == standard else asked.samples,
        asked.seed or None,
        tuple(metric for metric in asked.metrics if metric not in stored.get("metrics", ())),
    )


def features_of(gan: TrainedGenerator, trust: bool = False) -> str:
    """Return the features that a generator's run was measured with; code of its own is refused unless it is trusted."""
    features: str = _evaluation(gan).get("features", "auto")
    refuse_foreign(features, gan.name, trust)
    return features


def own_metrics_of(gan: TrainedGenerator, trust: bool) -> Sequence[str]:
    """Return the metrics of a user's own that a generator's run was measured with, if they are trusted."""
    metrics: Sequence[str] = _evaluation(gan).get("metrics", ())
    if metrics and not trust:
        warnings.warn(f"metrics of its own are left out, {', '.join(metrics)}: use --trust for them", stacklevel=3)
    return metrics if trust else ()


def _evaluation(gan: TrainedGenerator) -> Mapping[str, Any]:
    stored: Mapping[str, Any] = gan.made_by.get("recipe", {}).get("evaluation", {})
    return stored


def _evaluate_data(
    target: str, data: str | None, features: str | Callable[..., Any] | None, samples: int | None, device: torch.device
) -> Report:
    """Measure a set of samples as if it were generated, or one half of a set against the other."""
    if (own := read_statistics(target)) is not None:
        held = f"{target} holds mu and sigma of {len(own.moments.mean):,} features"
        raise GansmithError(f"{held}, no samples: give it as --data, to measure a run or samples against")
    fake = _open(target)
    if data is None or data == target:
        evaluator = Evaluator(fake, features or "auto", device=device)
        found = evaluator.evaluate_real(samples or min(standard_samples(fake), evaluator.reference // 2))
        return _report(f"{target} (one half)", evaluator, found, int(found.details["samples"]), {}, with_real=False)
    against = _against(target, fake, data, features, device)
    standard = standard_samples(against.dataset)
    count = min(samples or standard, fake.count or samples or standard)
    check_samples(count, against.dimensions)
    found = against.evaluate(batch.x for batch in first(fake, count))
    return _report(target, against, found, count, {"order": "a fixed shuffle"})


def _against(
    target: str, fake: Dataset, data: str, features: str | Callable[..., Any] | None, device: torch.device
) -> AnyEvaluator:
    """Open what samples of one's own are measured against, at their size."""
    shape = tuple(fake.shape)
    if (statistics := read_statistics(data)) is not None:
        return StatisticsEvaluator(statistics, features, shape, device)
    real = open_dataset(Source(data, image_size=Form(shape).size))
    if tuple(real.shape) != shape:
        raise GansmithError(f"{target} holds {words(shape)} and --data {data} {words(real.shape)}: no comparison")
    return Evaluator(real, features or "auto", device=device)


def _open(target: str) -> Dataset:
    try:
        return open_dataset(Source(target))
    except GansmithError as error:
        raise GansmithError(f"{target} is no run folder, and no data either: {error}") from error


def _report(
    name: str, evaluator: AnyEvaluator, found: MetricValues, count: int, own: dict[str, Any], with_real: bool = True
) -> Report:
    real: dict[str, float] = {}
    if with_real and isinstance(evaluator, Evaluator) and evaluator.reference >= 4:
        real = evaluator.evaluate_real(count).metrics
    reference = {"reference": int(found.details["reference"])} if "reference" in found.details else {}
    return Report(name, found.metrics, real, found.details, {"samples": count, **own, **evaluator.about(), **reference})
