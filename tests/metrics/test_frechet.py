"""FID against closed forms and other implementations; its bias."""

import math
import warnings

import numpy as np
import pytest
import scipy.linalg
import torch

from gansmith.errors import GansmithError
from gansmith.metrics.accumulators import Moments
from gansmith.metrics.frechet import FID, _order, fid, fid_infinity, frechet_distance


def samples_with(mean, covariance, count=400, seed=0):
    """Return samples whose own mean and (unbiased) covariance are exactly these."""
    x = torch.randn(count, len(mean), dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    x = x - x.mean(dim=0)
    x = x @ torch.linalg.inv(torch.linalg.cholesky(x.T @ x / (count - 1))).T
    return x @ torch.linalg.cholesky(torch.as_tensor(covariance, dtype=torch.float64)).T + torch.as_tensor(mean)


def test_two_gaussians_in_closed_form():
    """Where the covariances commute the distance is Σ (Δμ)² + (σ_a − σ_b)²."""
    rotation = torch.linalg.qr(torch.randn(3, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(1)))[0]
    spread = torch.tensor([[4.0, 1.0, 0.25], [1.0, 9.0, 0.25]], dtype=torch.float64)
    covariances = [rotation @ s.diag() @ rotation.T for s in spread]
    a, b = samples_with([0.0, 0.0, 0.0], covariances[0]), samples_with([3.0, 0.0, -4.0], covariances[1], 300, 5)
    assert fid(a, b) == pytest.approx(25 + (2 - 1) ** 2 + (1 - 3) ** 2, rel=1e-10)


def test_general_gaussians_against_scipy_s_matrix_root(clouds):
    a, b = (c.numpy() for c in clouds)
    root = scipy.linalg.sqrtm(np.cov(a.T) @ np.cov(b.T))
    expected = np.sum((a.mean(0) - b.mean(0)) ** 2) + np.trace(np.cov(a.T) + np.cov(b.T) - 2 * root.real)
    assert fid(*clouds) == pytest.approx(expected, rel=1e-10)
    assert fid(*clouds) == pytest.approx(fid(*reversed(clouds)), rel=1e-10)
    assert fid(clouds[0], clouds[0]) == pytest.approx(0, abs=1e-10)


def test_agrees_with_torch_fidelity(fidelity, clouds):
    module = fidelity("metric_fid")
    statistics = [module.fid_features_to_statistics(c) for c in clouds]
    theirs = module.fid_statistics_to_metric(*statistics, verbose=False)["frechet_inception_distance"]
    assert fid(*clouds) == pytest.approx(theirs, rel=1e-4)


def test_agrees_with_torchmetrics(clouds):
    module = pytest.importorskip("torchmetrics.image.fid")
    (mu1, cov1), (mu2, cov2) = [(c.mean(0), torch.cov(c.T)) for c in clouds]
    assert fid(*clouds) == pytest.approx(float(module._compute_fid(mu1, cov1, mu2, cov2)), rel=1e-4)


def test_fewer_samples_than_features():
    """The value is finite, real and symmetric, and a warning names the bias."""
    rng = torch.Generator().manual_seed(0)
    a, b = torch.randn(20, 64, generator=rng), torch.randn(30, 64, generator=rng)
    with pytest.warns(UserWarning, match=r"20 samples of 64 features: the covariance is rank-deficient .* biased"):
        there = fid(a, b)
    with pytest.warns(UserWarning, match="take more than 64 samples"):
        back = fid(b, a)
    assert math.isfinite(there) and there == pytest.approx(back, rel=1e-9)
    assert there > 40  # although both come from one distribution: that is the bias
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fid(torch.randn(65, 64), torch.randn(65, 64))
    with pytest.raises(GansmithError, match="at least 2 samples on either side, got 1"):
        fid(a[:1], b)


def test_extrapolation_takes_most_of_the_bias_away():
    """Samples of N(0, 1) in 16 dimensions against N(½, 1): the true distance is 4."""
    dimensions, errors = 16, []
    real = Moments().update(samples_with([0.0] * dimensions, torch.eye(dimensions), 4000))
    for seed in range(10):
        fake = torch.randn(500, dimensions, generator=torch.Generator().manual_seed(seed)) + 0.5
        plain = FID(real).update(fake).compute()
        found = fid_infinity(real, fake)
        assert found.bias == pytest.approx(dimensions * (dimensions + 1) / 4 / 500 + dimensions / 500, rel=0.35)
        errors.append((plain - 4, found.limit - 4))
    plain, limit = (sum(e) / len(errors) for e in zip(*errors, strict=True))
    assert plain > 0.12 and abs(limit) < 0.4 * plain


def test_extrapolation_needs_enough_samples_and_no_order():
    real = Moments().update(torch.randn(200, 8))
    assert fid_infinity(real, torch.randn(31, 8)) is None
    fake = torch.randn(200, 8)
    assert fid_infinity(real, fake) == pytest.approx(fid_infinity(real, fake[torch.randperm(200)]), rel=1e-6)


@pytest.mark.parametrize(
    ("features", "count", "parts"),
    [(1, 15, 0), (1, 16, 2), (1, 32, 3), (1, 63, 3), (1, 64, 4), (1, 999, 4), (6, 23, 0), (6, 24, 2), (6, 96, 4)],
)
def test_the_limit_is_where_the_line_of_the_parts_meets_no_samples_short(features, count, parts):
    """Parts of 8 samples or more, and of twice as many as features: 1, 2, 4 and 8 of them."""
    rng = torch.Generator().manual_seed(1)
    real = Moments().update(torch.randn(400, features, generator=rng))
    fake = 2 * torch.randn(count, features, generator=rng)
    found = fid_infinity(real, fake)
    if not parts:
        assert found is None
        return
    shuffled, x, y = fake.double()[_order(fake.double())], [], []
    for m in (1, 2, 4, 8)[:parts]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            each = [frechet_distance(real, Moments().update(part)) for part in shuffled.tensor_split(m)]
        x.append(m / count)
        y.append(sum(each) / m)
    slope, limit = np.polyfit(x, y, 1)
    assert found == pytest.approx((limit, slope / count), rel=1e-6)


def test_a_large_mean_costs_no_digits():
    """Sums of squares alone would lose all of them."""
    x = torch.randn(1000, 2, dtype=torch.float64)
    stream = Moments()
    for part in (x + 1e8).split(7):
        stream.update(part)
    torch.testing.assert_close(stream.covariance, torch.cov(x.T), rtol=1e-6, atol=1e-7)
    assert frechet_distance(stream, Moments().update(x + 1e8)) < 1e-6
