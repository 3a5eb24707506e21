"""Measuring a run, or any set of samples, against real data."""

from __future__ import annotations

import dataclasses
import json
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from gansmith.data import SOURCES, Dataset, Source, open_dataset
from gansmith.data.dataset import REFERENCE_SEED, first
from gansmith.errors import GansmithError
from gansmith.files import write_atomically
from gansmith.generators.trained import TrainedGenerator
from gansmith.metrics.evaluation import Evaluator, MetricValues, standard_samples
from gansmith.metrics.own import OwnMetric
from gansmith.numerics import settle_vector_mathematics
from gansmith.records.run_folder import RunFolder
from gansmith.runs.loading import is_generator, load
from gansmith.settings.foreign import refuse_foreign
from gansmith.settings.stored import from_typed
from gansmith.training import pictures
from gansmith.training.device import find_device

SHOWN_COPIES = 10


@dataclass(frozen=True)
class Report:
    """What an evaluation found.

    Attributes:
        name: of what was measured.
        metrics: figures by name, see `gansmith.metrics.catalogue.METRICS`.
        real: the same figures for real samples measured against others: what perfect ones would score.
        details: uncertainties and sizes.
        about: everything the figures depend on.
        path: where it was written, if anywhere.
    """

    name: str
    metrics: dict[str, float]
    real: dict[str, float]
    details: dict[str, float]
    about: dict[str, Any]
    path: Path | None = None

    def write(self, path: Path) -> Report:
        """Write the report as JSON, and return it with the place."""
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self) if f.name != "path"}
        content = json.dumps({"format": 1, **values}, indent=2, ensure_ascii=False)
        write_atomically(path, lambda temporary: temporary.write_text(content + "\n", encoding="utf-8"))
        return dataclasses.replace(self, path=path)


def evaluate(
    target: str | Path | TrainedGenerator,
    data: str | None = None,
    features: str | Callable[..., Any] | None = None,
    samples: int | None = None,
    seed: int = 0,
    generator: Literal["last", "best"] = "last",
    device: str = "auto",
    trust: bool = False,
    metrics: Sequence[str | OwnMetric] = (),
) -> Report:
    """Measure a generator, or a set of samples, and leave `metrics.json` in the run's folder, or beside the file.

    Args:
        target: a run folder, a generator's file or what `gansmith.load` returned; or data in any form that `--data`
            takes, measured as if it were generated (the same data as `data`: one half is measured against the other).
        data: the real samples; by default those the run was trained on.
        features: see `gansmith.metrics.features.open_features`; by default the run's own choice.
        samples: how many are drawn; by default 10,000 images, 26,000 of stacked digits, 2,500 vectors.
        seed: of the noise.
        generator: the run's last generator or its best.
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
    where = find_device(device)
    if isinstance(target, TrainedGenerator) or is_generator(target):
        gan = target if isinstance(target, TrainedGenerator) else load(target, None, str(where), generator, trust)
        mine, choice = (*own_metrics_of(gan, trust), *metrics), features or features_of(gan, trust)
        evaluator = Evaluator(real_data(gan, data, trust), choice, None, where, mine)
        report = evaluate_with(evaluator, gan, samples, seed, generator)
        path = metrics_path(gan)
    else:
        report, path = _evaluate_data(str(target), data, features or "auto", samples, where), None
    report.about["seconds"] = round(time.perf_counter() - start, 1)
    return report if path is None else report.write(path)


def evaluate_with(
    evaluator: Evaluator, gan: TrainedGenerator, samples: int | None = None, seed: int = 0, generator: str = "last"
) -> Report:
    """Measure a generator against real samples that are already open, and leave the closest pairs as `nearest.png`.

    Labels are asked for as often as the data have them, as in the journal.
    """
    count = samples or standard_samples(evaluator.dataset)
    latents = gan.latents(count, seed)
    fake = torch.cat(list(gan.make(latents)))
    found = evaluator.evaluate(fake, gan.labels_of(latents))
    own = {"run": gan.name, "recipe": gan.recipe, "step": gan.step, "generator": generator, "seed": seed}
    path = metrics_path(gan)
    if found.copies is not None and len(gan.shape) == 3 and path is not None:
        _show_copies(evaluator.dataset, fake, found, path.with_name(path.name.replace("metrics.json", "nearest.png")))
    return _report(gan.name, evaluator, found, count, own)


def metrics_path(gan: TrainedGenerator) -> Path | None:
    """Return where the figures of a generator go: into its run's folder, beside its file, or nowhere."""
    if gan.run:
        return RunFolder(gan.run).metrics
    return gan.file.with_suffix(".metrics.json") if gan.file else None


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


def real_data(gan: TrainedGenerator, data: str | None, trust: bool = False) -> Dataset:
    """Open the data of a generator's run, or others, at the size its samples have."""
    size = gan.shape[-1] if len(gan.shape) == 3 else None
    stored = gan.made_by.get("recipe", {}).get("source", {})
    refuse_foreign(stored, gan.name, trust)
    source: Source = from_typed(stored, SOURCES, "source")
    if data is None:
        refuse_foreign(source.data, gan.name, trust)
    if data is not None and data != source.data:
        source = dataclasses.replace(source, data=data, image_column=None, label_column=None)
    dataset = open_dataset(dataclasses.replace(source, image_size=size) if size else source)
    if tuple(dataset.shape) != tuple(gan.shape):
        raise GansmithError(
            f"{gan.name} makes samples of shape {_words(gan.shape)}, and --data {source.data} holds "
            f"{_words(dataset.shape)}: name data of the same kind"
        )
    return dataset


def _evaluate_data(
    target: str, data: str | None, features: str | Callable[..., Any], samples: int | None, device: torch.device
) -> Report:
    """Measure a set of samples as if it were generated, or one half of a set against the other."""
    if data is None or data == target:
        real = _open(target)
        evaluator = Evaluator(real, features, device=device)
        found = evaluator.evaluate_real(samples or min(standard_samples(real), evaluator.reference // 2))
        return _report(f"{target} (one half)", evaluator, found, int(found.details["samples"]), {}, with_real=False)
    real = open_dataset(Source(data))
    fake = _open(target, real.shape[-1] if len(real.shape) == 3 else None)
    if tuple(fake.shape) != tuple(real.shape):
        raise GansmithError(
            f"{target} holds {_words(fake.shape)} and --data {data} {_words(real.shape)}: no comparison"
        )
    evaluator = Evaluator(real, features, device=device)
    count = min(samples or standard_samples(real), fake.count or standard_samples(real))
    found = evaluator.evaluate(batch.x for batch in first(fake, count))
    return _report(target, evaluator, found, count, {"order": "a fixed shuffle"})


def _open(target: str, size: int | None = None) -> Dataset:
    try:
        return open_dataset(Source(target, image_size=size))
    except GansmithError as error:
        raise GansmithError(f"{target} is no run folder, and no data either: {error}") from error


def _report(
    name: str, evaluator: Evaluator, found: MetricValues, count: int, own: dict[str, Any], with_real: bool = True
) -> Report:
    real = evaluator.evaluate_real(count).metrics if with_real and evaluator.reference >= 4 else {}
    about = {"samples": count, **own, **evaluator.about(), "reference": int(found.details["reference"])}
    return Report(name, found.metrics, real, found.details, about)


def _show_copies(dataset: Dataset, fake: Tensor, found: MetricValues, path: Path) -> None:
    """Draw the generated samples that are nearest to a real one, each over that one."""
    assert found.copies is not None
    closest = found.copies.closeness.argsort()[:SHOWN_COPIES].tolist()
    reals = [_real_sample(dataset, int(found.copies.nearest[i])) for i in closest]
    sheet = torch.cat([fake[closest], torch.cat(reals)])
    pictures.save_picture(pictures.grid(sheet, columns=len(closest)), path)


def _real_sample(dataset: Dataset, position: int) -> Tensor:
    batches: Iterator[Any] = dataset.batches(1, REFERENCE_SEED, position, torch.device("cpu"))
    x: Tensor = next(batches).x
    return x


def _words(shape: Iterable[int]) -> str:
    return "x".join(map(str, shape))
