"""Learning rates: what one changes, what two do."""

import cmath
import math

import pytest

from gansmith.figures.rates import STEPS, H, dirac_radius, rates


@pytest.mark.parametrize("gamma", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("ratio", [0.5, 1.0, 7.0])
def test_the_dirac_gan_with_two_time_scales(gamma, ratio):
    damping = gamma * H * math.sqrt(ratio) / 2
    root = cmath.sqrt(damping**2 - H**2 / 4)
    expected = max(abs(1 - damping + root), abs(1 - damping - root))
    assert dirac_radius(gamma, ratio) == pytest.approx(expected, abs=1e-8)


def test_xy_spirals_out_at_every_rate_and_damped_play_has_a_best_ratio():
    found = rates().numbers
    for rate in (0.2, 0.1, 0.05):
        assert found[f"growth at {rate}"] == pytest.approx((1 + rate**2) ** (STEPS / 2), rel=1e-10)
    for gamma in (0.1, 0.3, 1.0):
        assert found[f"best ratio at γ = {gamma:g}"] == pytest.approx(1 / gamma**2)  # a point of the grid
        assert found[f"best |λ| at γ = {gamma:g}"] == pytest.approx(1 - H / 2, abs=1e-6)
    assert found["best |λ| at γ = 0"] == pytest.approx(math.sqrt(1 + H**2 / 4), abs=1e-12)


def test_optimistic_play_is_best_at_one_half():
    assert rates().numbers["optimistic, least |λ|"] == pytest.approx(math.sqrt(0.5), abs=1e-6)
