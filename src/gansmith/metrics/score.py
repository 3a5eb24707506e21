"""The Inception-style score: confident about each sample, undecided about all of them."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from gansmith.numerics import in_double


def classifier_score(probabilities: Tensor) -> float:
    """Return exp(E KL(p(y|x) ‖ p(y))), between 1 and the number of classes K.

    With the classes of an Inception network this is the Inception score. It is computed over all samples at once,
    without splits, so that it does not depend on their order.

    Args:
        probabilities: (N, K), p(y|x) by row.

    Salimans et al. 2016, "Improved techniques for training GANs", arXiv 1606.03498.

    >>> round(classifier_score(torch.eye(4)), 12)
    4.0
    """
    return ClassifierScore().update(probabilities).compute()


class ClassifierScore:
    """The accumulator of `classifier_score`: sums alone, since E KL = E Σ p log p − Σ p̄ log p̄."""

    def __init__(self) -> None:
        self._count = 0
        self._entropies = 0.0
        self._sum: Tensor | None = None

    def update(self, probabilities: Tensor) -> ClassifierScore:
        """Take in p(y|x) of more samples, (N, K), and return itself."""
        p = in_double(probabilities.detach())
        self._count += len(p)
        self._entropies += float(torch.xlogy(p, p).sum())
        total = p.sum(dim=0)
        self._sum = total if self._sum is None else self._sum + total
        return self

    def compute(self) -> float:
        """Return the score so far."""
        if self._sum is None:
            return math.nan
        marginal = self._sum / self._count
        return math.exp(self._entropies / self._count - float(torch.xlogy(marginal, marginal).sum()))
