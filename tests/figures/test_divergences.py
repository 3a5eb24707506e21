"""What the figure says of shifted Gaussians is their closed form."""

import math

import pytest

from gansmith.figures.divergences import divergences, shifted_gaussians


@pytest.mark.parametrize("theta", [-3.0, 0.5])
def test_shifted_gaussians(theta):
    found = shifted_gaussians(theta)
    assert found.kl == pytest.approx(theta**2 / 2, rel=1e-6)
    assert found.total_variation == pytest.approx(math.erf(abs(theta) / math.sqrt(8)), abs=1e-5)
    assert found.wasserstein == pytest.approx(abs(theta), rel=1e-6)
    assert found.js == pytest.approx(shifted_gaussians(-theta).js, rel=1e-9)


def test_the_numbers_in_the_caption():
    found = divergences()
    assert found.numbers["lines kl"] == math.inf and found.numbers["lines wasserstein"] == pytest.approx(0.5)
    assert "JS = 0.6931" in found.caption and "KL = 0.5000" in found.caption
