"""All metrics of one set of samples, with everything that the figures depend on."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from gansmith.data.dataset import Dataset, first
from gansmith.data.stacked import Stacked
from gansmith.data.toys import Toy
from gansmith.errors import GansmithError
from gansmith.metrics.accumulators import Moments
from gansmith.metrics.conditional import IntraClassFID, label_accuracy, moments_by_label
from gansmith.metrics.features import Features, Seen, open_features
from gansmith.metrics.features.extractor import PIECE
from gansmith.metrics.first_two import moment_errors
from gansmith.metrics.form import Form
from gansmith.metrics.frechet import fid_infinity, frechet_distance
from gansmith.metrics.kernel import kid
from gansmith.metrics.modes import class_coverage, mode_coverage
from gansmith.metrics.neighbours import Copies, find_copies, pairwise_diversity, support
from gansmith.metrics.own import OwnMetric, own_metrics
from gansmith.metrics.score import classifier_score
from gansmith.metrics.wasserstein import sliced_wasserstein
from gansmith.streams import forked
from gansmith.theory.line import wasserstein_1d

PAIRS = 10_000  # samples of either side whose distances to each other are measured
NEIGHBOURS = 5  # k of precision, recall, density and coverage
COPIES = 2_500  # generated samples whose nearest real neighbour is looked up
REFERENCE = 60_000  # real samples at most


def standard_samples(dataset: Dataset) -> int:
    """Return how many samples are measured by convention: stacked digits 26,000, images 10,000, vectors 2,500."""
    if isinstance(dataset, Stacked):
        return 26_000
    return 10_000 if len(dataset.shape) == 3 else 2_500


@dataclass(frozen=True)
class MetricValues:
    """Figures, and what they depend on."""

    metrics: dict[str, float]
    """By the names of `METRICS`, in its order; those that make no sense for the data are left out."""
    details: dict[str, float]
    """Uncertainties and sizes that belong to a figure: kid_error, fid_bias, …"""
    copies: Copies | None
    """The nearest-real-neighbour check; None for data without end."""


class Evaluator:
    """Measures samples against one set of real ones, whose features are computed once.

    Args:
        dataset: the real samples.
        features: see `open_features`.
        reference: real samples at most; by default all, up to 60,000, or twice as many as are measured by
            convention where the data have no end.
        device: where features are computed.
        metrics: of a user's own, besides ours.
    """

    def __init__(
        self,
        dataset: Dataset,
        features: str | Callable[..., Any] = "auto",
        reference: int | None = None,
        device: torch.device | str = "cpu",
        metrics: Sequence[str | OwnMetric] = (),
    ) -> None:
        self.own = own_metrics(metrics)
        self.dataset = dataset
        self.form = Form(tuple(dataset.shape))
        self.features: Features = open_features(features, dataset, device)
        endless = 2 * standard_samples(dataset)  # one half to be measured against, one to show what perfection scores
        self._perfect: dict[int, MetricValues] = {}
        self.reference = min(dataset.count or endless, reference or REFERENCE)

    @cached_property
    def real(self) -> Seen:
        """What the features' network sees in the real samples."""
        with forked():
            return self._look(batch.x for batch in first(self.dataset, self.reference))

    def _look(self, samples: Tensor | Iterable[Tensor]) -> Seen:
        """Return what the features' network sees in samples in the one form; a piece is let go before the next."""
        pieces = [samples] if isinstance(samples, Tensor) else samples
        return self.features(self.form(part) for piece in pieces for part in piece.split(PIECE))

    @cached_property
    def moments(self) -> Moments:
        """Of the real features."""
        return Moments().update(self.real.features)

    def evaluate(self, samples: Tensor | Iterable[Tensor], labels: Sequence[str] | None = None) -> MetricValues:
        """Measure generated samples (N, *shape), or pieces of them: the memory then holds their features alone.

        Args:
            labels: names of the labels that the samples were asked for, if any; they are looked up among the data's.
        """
        fake = self._look(samples)
        if fake.features.shape[1] != self.real.features.shape[1]:
            raise GansmithError(f"samples have {fake.features.shape[1]} features and real ones {self.dimensions}")
        found = self._compare(self.real, self.moments, fake)
        if labels is not None and (asked := self._known(labels)) is not None:
            rows = asked >= 0
            self._obedience(found, _rows(fake, rows), asked[rows])
        return found

    def _known(self, labels: Sequence[str]) -> Tensor | None:
        """Return the data's indices of labels by name, -1 for those the data do not have; None if they have none."""
        index = {name: i for i, name in enumerate(self.dataset.label_names)}
        strange = sorted({name for name in labels if name not in index})
        if strange:
            here = f"{self.dataset.description} has {', '.join(index) or 'no labels'}"
            warnings.warn(f"label {', '.join(strange)} cannot be checked: {here}", stacklevel=3)
        return torch.tensor([index.get(name, -1) for name in labels]) if len(strange) < len(set(labels)) else None

    def _obedience(self, found: MetricValues, fake: Seen, labels: Tensor) -> None:
        """Compare every class with its own real samples, and what a classifier sees with what was asked for."""
        counts = labels.bincount()
        if int(counts[counts > 0].min()) > self.dimensions:  # with fewer, the bias would be all there is
            by_label = IntraClassFID(self._moments_by_label).update(fake.features, labels).compute()
            if by_label:  # none, where all classes have a single real sample
                found.metrics["intra_fid"] = sum(by_label.values()) / len(by_label)
        if fake.probabilities is not None and fake.probabilities.shape[1] == len(self.dataset.label_names):
            obedience = label_accuracy(fake.probabilities.argmax(dim=1), labels)
            found.metrics["label_accuracy"] = obedience.accuracy
            names = self.dataset.label_names
            found.details.update({f"accuracy of {names[n]}": value for n, value in obedience.by_label.items()})

    @cached_property
    def _moments_by_label(self) -> dict[int, Moments]:
        parts = [batch.labels for batch in first(self.dataset, self.reference) if batch.labels is not None]
        labels = torch.cat(parts)
        return moments_by_label(self.real.features[labels >= 0], labels[labels >= 0])

    def evaluate_real(self, samples: int | None = None) -> MetricValues:
        """Measure `samples` of the real samples, at most half of them, against the others: what perfection scores."""
        cut = min(samples or self.reference, self.reference // 2)
        if cut not in self._perfect:
            self._perfect[cut] = self._halves(cut)
        return self._perfect[cut]

    def _halves(self, cut: int) -> MetricValues:
        seen, held = _rows(self.real, slice(cut)), _rows(self.real, slice(cut, None))
        return self._compare(held, Moments().update(held.features), seen)

    def about(self) -> dict[str, Any]:
        """Return what every figure depends on, besides the samples."""
        facts: dict[str, Any] = {
            "features": self.features.name,
            "dimensions": self.dimensions,
            **{f"features {name}": value for name, value in self.features.about.items()},
            "data": self.dataset.description,
            "reference order": "a fixed shuffle",
            "neighbours": NEIGHBOURS,
            "pairs": PAIRS,
        }
        return facts | self.form.about()

    @property
    def dimensions(self) -> int:
        """Numbers of a sample's features."""
        return self.real.features.shape[1]

    def _compare(self, real: Seen, moments: Moments, fake: Seen) -> MetricValues:
        metrics: dict[str, float] = {}
        details: dict[str, float] = {"samples": len(fake.features), "reference": len(real.features)}
        _distributions(metrics, details, moments, real.features, fake.features)
        copies = self._neighbours(metrics, real.features, fake.features)
        self._classes(metrics, fake)
        if self.dimensions == 1:
            metrics["wasserstein"] = wasserstein_1d(real.features, fake.features)
            metrics |= moment_errors(moments, Moments().update(fake.features))._asdict()
        metrics["sliced_wasserstein"] = sliced_wasserstein(real.features, fake.features)
        with forked():  # those of a user's own may draw numbers
            metrics |= {name: float(metric(real.features, fake.features)) for name, metric in self.own.items()}
        return MetricValues(metrics, details, copies)

    def _neighbours(self, metrics: dict[str, float], real: Tensor, fake: Tensor) -> Copies | None:
        n = min(len(real), len(fake), PAIRS)
        if n > NEIGHBOURS:
            metrics |= support(real[:n], fake[:n], NEIGHBOURS)._asdict()
        if n > 1:
            spread = pairwise_diversity(real[:n])
            metrics["diversity"] = pairwise_diversity(fake[:n]) / spread if spread else math.nan
        if self.dataset.count is None or n < 2:
            return None
        copies = find_copies(real, fake[:COPIES])
        metrics["authenticity"] = copies.authenticity
        return copies

    def _classes(self, metrics: dict[str, float], fake: Seen) -> None:
        """Count modes, where the data or a classifier of theirs tells them."""
        toy = self.dataset
        if isinstance(toy, Toy) and toy.modes is not None and self.features.name == "raw":
            metrics |= mode_coverage(fake.features, toy.modes, toy.spread)._asdict()
        if fake.probabilities is not None:
            metrics["score"] = classifier_score(fake.probabilities)
            share = self.dataset.frequencies
            if share is not None and len(share) == fake.probabilities.shape[1]:
                metrics |= class_coverage(fake.probabilities.argmax(dim=1), share)._asdict()


def _distributions(
    metrics: dict[str, float], details: dict[str, float], moments: Moments, real: Tensor, fake: Tensor
) -> None:
    """Compare the two distributions as wholes: FID and KID."""
    if min(len(real), len(fake)) < 2:
        return
    metrics["fid"] = frechet_distance(moments, Moments().update(fake))
    limit = fid_infinity(moments, fake)
    if limit is not None:
        metrics["fid_infinity"], details["fid_bias"] = limit
    metrics["kid"], details["kid_error"] = kid(real[:PAIRS], fake[:PAIRS])


def _rows(seen: Seen, rows: slice | Tensor) -> Seen:
    return Seen(seen.features[rows], None if seen.probabilities is None else seen.probabilities[rows])
