"""Fréchet distance between Gaussians fitted to features: FID, its small-sample bias, and FID∞."""

from __future__ import annotations

import math
import warnings
from typing import NamedTuple

import torch
from torch import Tensor

from gansmith.errors import GansmithError
from gansmith.metrics.accumulators import Moments
from gansmith.numerics import in_double


def frechet_distance(a: Moments, b: Moments) -> float:
    """Return ‖μ_a − μ_b‖² + tr(Σ_a + Σ_b − 2 (Σ_a Σ_b)^½), in squared units of the features.

    The trace of the root is the sum of the roots of the eigenvalues of Σ_a^½ Σ_b Σ_a^½, which is symmetric: the value
    is real and finite whatever the rank. Where there are no more samples than features a warning names the bias.

    Dowson, Landau 1982, "The Fréchet distance between multivariate normal distributions"; Heusel et al. 2017 (FID),
    arXiv 1706.08500.
    """
    for moments in (a, b):
        if moments.count < 2:
            raise GansmithError(f"a Fréchet distance needs at least 2 samples on either side, got {moments.count}")
    few, features = min(a.count, b.count), len(a.mean)
    if few <= features:
        warnings.warn(
            f"FID from {few} samples of {features} features: the covariance is rank-deficient and the value biased, "
            f"most often upwards; take more than {features} samples, or features of fewer numbers",
            stacklevel=2,
        )
    return _distance(a, b)


def _distance(a: Moments, b: Moments) -> float:
    values, vectors = torch.linalg.eigh(a.covariance)
    root = (vectors * values.clamp(min=0).sqrt()) @ vectors.T
    product = root @ b.covariance @ root
    overlap = torch.linalg.eigvalsh((product + product.T) / 2).clamp(min=0).sqrt().sum()
    traces = a.covariance.trace() + b.covariance.trace()
    return max(0.0, float((a.mean - b.mean).square().sum() + traces - 2 * overlap))


def fid(real: Tensor, fake: Tensor) -> float:
    """Return the Fréchet distance of two sets of features, (M, D) and (N, D).

    >>> fid(torch.tensor([[0.0], [2.0]]), torch.tensor([[3.0], [5.0]]))
    9.0
    """
    return frechet_distance(Moments().update(real), Moments().update(fake))


class FID:
    """The accumulator of `fid`: constant memory however many samples.

    Args:
        real: moments of the real features.
    """

    def __init__(self, real: Moments) -> None:
        self.real = real
        self.fake = Moments()

    def update(self, fake: Tensor) -> FID:
        """Take in generated features (N, D), and return itself."""
        self.fake.update(fake)
        return self

    def compute(self) -> float:
        """Return the distance so far."""
        return frechet_distance(self.real, self.fake)


class Extrapolation(NamedTuple):
    """FID at endlessly many generated samples, and what their finite number adds."""

    limit: float
    """FID∞; it may fall a little below 0 by chance."""
    bias: float
    """Slope times 1/N: how much of the FID is owed to N alone."""


def fid_infinity(real: Moments, fake: Tensor) -> Extrapolation | None:
    """Return FID∞ and the bias of the FID of these samples, or None where there are too few to tell.

    FID(n) is linear in 1/n to first order. It is averaged over 1, 2, 4 and 8 equal parts of the samples, as long as a
    part has twice as many samples as features, and a line is drawn through the averages. Parts are cut along an order
    that depends on what the samples are, not on the order they came in.

    Args:
        real: moments of the real features.
        fake: (N, D) generated features.

    Chong, Forsyth 2020, "Effectively unbiased FID and Inception score and where to find them", arXiv 1911.07023.
    """
    fake = in_double(fake.flatten(1))
    n, features = fake.shape
    divisions = [m for m in (1, 2, 4, 8) if n // m >= 2 * features and n // m >= 8]
    if len(divisions) < 2:
        return None
    shuffled = fake[_order(fake)]
    averages = []
    for m in divisions:
        parts = [Moments().update(part) for part in shuffled.tensor_split(m)]
        averages.append(sum(_distance(real, part) for part in parts) / m)
    slope, limit = _line([m / n for m in divisions], averages)
    return Extrapolation(limit, slope / n)


def _order(x: Tensor) -> Tensor:
    """Return an order of the rows that looks random and is a function of the set of rows."""
    weights = torch.randn(x.shape[1], dtype=torch.float64, generator=torch.Generator().manual_seed(0)).to(x.device)
    key = (x - x.mean(dim=0)) @ weights
    return (key * (1e4 / key.std().clamp(min=math.ulp(1.0)))).frac().abs().argsort(stable=True)


def _line(x: list[float], y: list[float]) -> tuple[float, float]:
    """Return slope and intercept of the least-squares line."""
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    slope = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / sum((a - mean_x) ** 2 for a in x)
    return slope, mean_y - slope * mean_x
