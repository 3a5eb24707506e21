"""KID against a double loop and torch-fidelity; its standard error against what happens."""

import statistics

import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.metrics.kernel import kid


def test_equals_the_double_loop():
    rng = torch.Generator().manual_seed(0)
    x, y = torch.randn(5, 3, generator=rng).double(), torch.randn(4, 3, generator=rng).double() + 1

    def mean_of(a, b, same):
        values = [(p @ q / 3 + 1) ** 3 for i, p in enumerate(a) for j, q in enumerate(b) if not (same and i == j)]
        return sum(values) / len(values)

    expected = mean_of(x, x, True) + mean_of(y, y, True) - 2 * mean_of(x, y, False)
    assert kid(x, y).value == pytest.approx(float(expected), rel=1e-12)


def test_agrees_with_torch_fidelity(fidelity, clouds):
    module = fidelity("metric_kid")
    x, y = clouds[0][:260], clouds[1]
    kernels = [module.kernel_poly(a.numpy(), b.numpy(), kid_kernel_poly_degree=3) for a, b in ((x, x), (x, y), (y, y))]
    assert kid(x, y).value == pytest.approx(module.mmd2(*kernels), rel=1e-4)


def test_agrees_with_torchmetrics(clouds):
    module = pytest.importorskip("torchmetrics.image.kid")
    x, y = clouds[0][:260], clouds[1]
    assert kid(x, y).value == pytest.approx(float(module.poly_mmd(x, y)), rel=1e-4)


@pytest.mark.parametrize("shift", [0.0, 0.5])
def test_unbiased_and_as_uncertain_as_it_says(shift):
    """The mean over repetitions is that of many more samples; their spread is the standard error, within its noise."""
    rng = torch.Generator().manual_seed(0)

    def draw(n):
        return torch.randn(n, 4, generator=rng), torch.randn(n, 4, generator=rng) + shift

    found = [kid(*draw(150)) for _ in range(150)]
    truth, spread = kid(*draw(6000)), statistics.stdev(f.value for f in found)
    mean = statistics.fmean(f.value for f in found)
    assert abs(mean - truth.value) < 4 * (spread / 150**0.5 + truth.error)
    told = statistics.fmean(f.error for f in found)
    assert 0.85 * spread < told < (1.6 if shift == 0 else 1.15) * spread  # the jackknife errs upwards at equality


def test_one_sample_is_too_few():
    with pytest.raises(GansmithError, match="at least 2 samples on either side, got 1"):
        kid(torch.zeros(1, 2), torch.zeros(5, 2))
