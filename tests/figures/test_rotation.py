"""min max xy: the eigenvalues in the figure are those of theory, and the trails obey them."""

import math

import pytest

from gansmith.figures.rotation import LR, STEPS, rotation


def test_factors_and_what_they_leave():
    found = rotation().numbers
    eta = LR
    expected = {
        "simultaneous": math.sqrt(1 + eta**2),
        "alternating": 1.0,
        "extragradient": math.sqrt(1 - eta**2 + eta**4),
        "optimistic": math.sqrt((1 + math.sqrt(1 - 4 * eta**2)) / 2),
        "consensus, γ = ½": math.hypot(1 - eta / 2, eta),
    }
    for name, factor in expected.items():
        assert found[f"{name}: |λ|"] == pytest.approx(factor, abs=1e-12)
    for name in ("simultaneous", "extragradient", "consensus, γ = ½"):  # the same factor at every step
        assert found[f"{name}: left"] == pytest.approx(expected[name] ** STEPS, rel=1e-10)
    assert 0.8 < found["alternating: left"] < 1.25
    assert found["unrolled, k = 5: |λ|"] < 0.96
