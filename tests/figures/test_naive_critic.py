"""A critic without a constraint grows; a penalised one settles where theory puts it; a clipped one stays small."""

import itertools

import numpy as np
import pytest

from gansmith.figures.naive_critic import DISTANCE, LAMBDA, critic_course


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
