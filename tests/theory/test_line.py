"""Transport on the line against scipy; the sample form is tested with the metrics it serves."""

import math

import numpy as np
import pytest
import torch
from scipy.stats import wasserstein_distance

from gansmith.errors import GansmithError
from gansmith.theory.line import wasserstein_1d, wasserstein_line


def test_points_with_probabilities_against_scipy():
    rng = np.random.default_rng(0)
    x = np.sort(rng.standard_normal(12))
    p, q = rng.dirichlet(np.ones(12), 2)
    found = wasserstein_line(*map(torch.from_numpy, (x, p, q)))
    assert found == pytest.approx(wasserstein_distance(x, x, p, q), rel=1e-12)


def test_points_and_samples_agree():
    x = torch.tensor([0.0, 1.0, 3.0, 4.5], dtype=torch.float64)
    p, q = torch.tensor([2, 1, 0, 1]), torch.tensor([0, 1, 1, 2])
    samples = wasserstein_1d(x.repeat_interleave(p), x.repeat_interleave(q))
    assert wasserstein_line(x, p / 4, q / 4) == pytest.approx(samples, rel=1e-12) == pytest.approx((6 + 1.5) / 4)


@pytest.mark.parametrize("theta", [-2.0, 0.5])
def test_a_shifted_gaussian_is_as_far_as_its_shift(theta):
    x = torch.linspace(-12, 12, 2401, dtype=torch.float64)
    p, q = (torch.exp(-((x - m) ** 2) / 2) / math.sqrt(2 * math.pi) for m in (0, theta))
    assert wasserstein_line(x, p, q, 0.01) == pytest.approx(abs(theta), rel=1e-9)


def test_mistakes_are_named():
    half = torch.tensor([0.5, 0.5])
    with pytest.raises(GansmithError, match="ascending"):
        wasserstein_line(torch.tensor([1.0, 0.0]), half, half)
    with pytest.raises(GansmithError, match="2 points"):
        wasserstein_line(torch.arange(3.0), half, half)
