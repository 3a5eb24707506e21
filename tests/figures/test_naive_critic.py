"""A critic without a constraint grows; penalised ones settle where theory puts them; a clipped one stays small."""

import itertools

import numpy as np
import pytest

from gansmith.figures.naive_critic import CHARGE, DISTANCE, LAMBDA, charged_gap, critic_course


def test_naive_grows_without_bound():
    gap, norm, last = critic_course("wgan-naive", {}, 200)
    assert gap[-1] > 10 * gap[49] and gap[49] > 100 * DISTANCE
    assert all(after > before for before, after in itertools.pairwise(norm[50:]))
    assert last[-1] > 2 * last[0]


def test_the_penalty_settles_at_its_soft_slope():
    """max over s of s W₁ − λ (s − 1)²: s = 1 + W₁/2λ."""
    gap, norm, last = critic_course("wgan-gp", {"gradient_penalty": LAMBDA}, 200)
    assert np.mean(gap[-50:]) == pytest.approx(DISTANCE * (1 + DISTANCE / (2 * LAMBDA)), rel=0.03)
    assert norm[-1] < 1.2 * norm[0] and 0.5 < last[-1] / last[0] < 2


def test_clipping_bounds_the_weights():
    gap, norm, last = critic_course("wgan", {"clip": 0.01}, 100)
    count = (norm[-1] / 0.01) ** 2  # of weights, were all at the bound
    assert 0.5 * 8500 < count <= 8513  # 64 + 64 + 2 (64² + 64) + 65 weights
    assert 0 < gap[-1] < 0.1 and last[-1] <= 0.01 * 64**0.5 * (1 + 1e-6)


@pytest.mark.parametrize(("distance", "weight"), [(5.0, 0.5), (1.0, 2.0)])
def test_the_best_gap_that_pays_for_variance(distance, weight):
    """On a grid the gap is linear in D and the charge quadratic: the best D by least squares."""
    x = np.arange(-7, distance + 7, 0.05)
    p, q = (np.exp(-((x - mean) ** 2) / 2) for mean in (distance, 0.0))
    p, q = p / p.sum(), q / q.sum()
    charge = np.diag(p + q) - np.outer(p, p) - np.outer(q, q)
    best = np.linalg.lstsq(2 * weight * charge, p - q, rcond=1e-14)[0]
    assert charged_gap(distance, weight) == pytest.approx((p - q) @ best, rel=1e-6)


def test_a_critic_that_pays_for_variance_settles_below_the_best():
    gap, norm, last = critic_course("wgan-var", {"variance": CHARGE}, 300)
    assert 8 * DISTANCE < np.mean(gap[-50:]) < charged_gap(DISTANCE, CHARGE)  # bounded, and no distance
    assert norm[-1] < 2 * norm[0] and last[-1] < 5 * last[0]
