"""Does a conditional generator obey its labels, and is each class as good as the data's?"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from torch import Tensor

from gansmith.metrics.accumulators import Moments
from gansmith.metrics.frechet import frechet_distance


class Obedience(NamedTuple):
    """How often a classifier sees the label that was asked for."""

    accuracy: float
    """Over all samples."""
    by_label: dict[int, float]
    """Over the samples of each label that was asked for."""


def label_accuracy(seen: Tensor, wanted: Tensor) -> Obedience:
    """Compare the labels a classifier sees (N,) with the labels the generator was given (N,).

    >>> import torch
    >>> label_accuracy(torch.tensor([0, 1, 1, 1]), torch.tensor([0, 0, 1, 1]))
    Obedience(accuracy=0.75, by_label={0: 0.5, 1: 1.0})
    """
    return LabelAccuracy().update(seen, wanted).compute()


class LabelAccuracy:
    """The accumulator of `label_accuracy`."""

    def __init__(self) -> None:
        self._right: Counter[int] = Counter()
        self._asked: Counter[int] = Counter()

    def update(self, seen: Tensor, wanted: Tensor) -> LabelAccuracy:
        """Take in more labels, (N,) and (N,), and return itself."""
        self._asked.update(wanted.tolist())
        self._right.update(wanted[seen == wanted].tolist())
        return self

    def compute(self) -> Obedience:
        """Return the accuracies so far."""
        by_label = {label: self._right[label] / asked for label, asked in sorted(self._asked.items())}
        return Obedience(self._right.total() / max(self._asked.total(), 1), by_label)


def intra_class_fid(real: Tensor, real_labels: Tensor, fake: Tensor, fake_labels: Tensor) -> dict[int, float]:
    """Return the FID of each label's generated features against its real ones; their mean is the intra-FID.

    Args:
        real, fake: (M, D) and (N, D) features.
        real_labels, fake_labels: (M,) and (N,); labels with two samples or more on both sides are compared.

    Miyato, Koyama 2018, "cGANs with projection discriminator", arXiv 1802.05637.
    """
    moments = moments_by_label(real, real_labels)
    return IntraClassFID(moments).update(fake, fake_labels).compute()


class IntraClassFID:
    """The accumulator of `intra_class_fid`.

    Args:
        real: the real features' moments by label, see `moments_by_label`.
    """

    def __init__(self, real: dict[int, Moments]) -> None:
        self.real = real
        self._fake: dict[int, Moments] = {}

    def update(self, fake: Tensor, labels: Tensor) -> IntraClassFID:
        """Take in generated features (N, D) and their labels (N,), and return itself."""
        for label in set(labels.tolist()):
            self._fake.setdefault(label, Moments()).update(fake[labels == label])
        return self

    def compute(self) -> dict[int, float]:
        """Return the distances so far, by label."""
        both = [n for n in sorted(self.real) if n in self._fake and min(self.real[n].count, self._fake[n].count) > 1]
        return {label: frechet_distance(self.real[label], self._fake[label]) for label in both}


def moments_by_label(features: Tensor, labels: Tensor) -> dict[int, Moments]:
    """Return the moments of the features (N, D) of every label (N,)."""
    return {label: Moments().update(features[labels == label]) for label in set(labels.tolist())}
