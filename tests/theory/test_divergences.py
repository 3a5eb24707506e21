"""Divergences against scipy, closed forms for Gaussians, and their bounds on each other."""

import math

import numpy as np
import pytest
import torch
from scipy.spatial.distance import jensenshannon
from scipy.special import rel_entr
from scipy.stats import multivariate_normal

from gansmith.errors import GansmithError
from gansmith.theory.divergences import js, kl, kl_gaussians, kl_samples, total_variation

X = torch.linspace(-12, 12, 4801, dtype=torch.float64)
CELL = 24 / 4800


def discrete(seed, size=9):
    return torch.from_numpy(np.random.default_rng(seed).dirichlet(np.ones(size)))


def normal(mean=0.0, deviation=1.0):
    return torch.exp(-(((X - mean) / deviation) ** 2) / 2) / (deviation * math.sqrt(2 * math.pi))


@pytest.mark.parametrize("seed", [0, 2])
def test_against_scipy(seed):
    p, q = discrete(seed), discrete(seed + 1)
    assert kl(p, q) == pytest.approx(rel_entr(p.numpy(), q.numpy()).sum(), rel=1e-12)
    assert kl(q, p) == pytest.approx(rel_entr(q.numpy(), p.numpy()).sum(), rel=1e-12) and kl(p, q) != kl(q, p)
    assert js(p, q) == pytest.approx(jensenshannon(p.numpy(), q.numpy()) ** 2, rel=1e-12) == js(q, p)
    assert total_variation(p, q) == pytest.approx(max_event(p, q), rel=1e-12)


def max_event(p, q):
    """The greatest P(A) − Q(A) over all 2⁹ events A, which is what total variation means."""
    events = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=torch.float64)] * len(p))
    return float((events @ (p - q)).max())


def test_of_a_distribution_and_itself_is_zero():
    p = discrete(0)
    assert kl(p, p) == js(p, p) == total_variation(p, p) == 0


def test_disjoint_supports():
    p, q = torch.tensor([0.5, 0.5, 0.0, 0.0]), torch.tensor([0.0, 0.0, 0.25, 0.75])
    assert kl(p, q) == kl(q, p) == math.inf
    assert js(p, q) == pytest.approx(math.log(2), abs=1e-15)
    assert total_variation(p, q) == pytest.approx(1, abs=1e-15)


def test_support_within_the_other_ones():
    p, q = torch.tensor([1.0, 0.0]), torch.tensor([0.5, 0.5])
    assert kl(p, q) == pytest.approx(math.log(2), abs=1e-15) and kl(q, p) == math.inf


@pytest.mark.parametrize("theta", [-2.0, 0.7])
def test_gaussians_on_a_grid(theta):
    p, q = normal(), normal(theta, 1.5)
    one, zero = torch.eye(1), torch.zeros(1)
    assert kl(p, q, CELL) == pytest.approx(kl_gaussians(zero, one, zero + theta, 2.25 * one), rel=1e-7)
    assert kl_gaussians(zero, one, zero + theta, one) == pytest.approx(theta**2 / 2, rel=1e-6)
    shifted = total_variation(normal(), normal(theta), CELL)
    assert shifted == pytest.approx(math.erf(abs(theta) / math.sqrt(8)), abs=2e-6)  # it has kinks
    assert kl(p, q, CELL) >= 2 * total_variation(p, q, CELL) ** 2  # Pinsker
    assert total_variation(p, q, CELL) ** 2 / 2 <= js(p, q, CELL) <= math.log(2) * total_variation(p, q, CELL)


def test_many_dimensional_gaussians_against_an_average_of_log_ratios():
    rng = np.random.default_rng(0)
    roots = rng.standard_normal((2, 3, 3)) + 2 * np.eye(3)
    means, covariances = rng.standard_normal((2, 3)), roots @ roots.transpose(0, 2, 1)
    p, q = (multivariate_normal(m, c) for m, c in zip(means, covariances, strict=True))
    x = p.rvs(100_000, random_state=1)
    ratios = p.logpdf(x) - q.logpdf(x)
    (mean_p, mean_q), (covariance_p, covariance_q) = torch.from_numpy(means), torch.from_numpy(covariances)
    found = kl_gaussians(mean_p, covariance_p, mean_q, covariance_q)
    assert found == pytest.approx(ratios.mean(), abs=4 * ratios.std() / math.sqrt(len(x)))
    assert abs(found - kl_gaussians(mean_q, covariance_q, mean_p, covariance_p)) > 0.1
    with pytest.raises(torch.linalg.LinAlgError):
        kl_gaussians(mean_p, -covariance_p, mean_q, covariance_q)


@pytest.mark.parametrize("dimensions", [1, 2])
def test_from_samples(dimensions):
    rng = torch.Generator().manual_seed(0)
    x = torch.randn(3000, dimensions, generator=rng)
    y = 1 + 1.5 * torch.randn(2500, dimensions, generator=rng)
    one, zero = torch.eye(dimensions), torch.zeros(dimensions)
    exact = kl_gaussians(zero, one, zero + 1, 2.25 * one)
    assert kl_samples(x, y) == pytest.approx(exact, rel=0.1)
    back = kl_gaussians(zero + 1, 2.25 * one, zero, one)  # its tails lie where x never was: too low, as documented
    assert back / 2 < kl_samples(y, x) < 0.9 * back
    assert kl_samples(x[:1500], x[1500:]) == pytest.approx(0, abs=0.06)


def test_mistakes_are_named():
    p = discrete(0)
    with pytest.raises(GansmithError, match="mass 2"):
        kl(2 * p, p)
    with pytest.raises(GansmithError, match="second distribution has a value that is negative"):
        js(p, -p)
    with pytest.raises(GansmithError, match="of one shape"):
        total_variation(p, p[1:])
    with pytest.raises(GansmithError, match="5 neighbours"):
        kl_samples(torch.zeros(5, 1), torch.zeros(5, 1))
    with pytest.raises(GansmithError, match="no density"):
        kl_samples(torch.zeros(9, 1), torch.zeros(9, 1))
