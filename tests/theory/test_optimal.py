"""The optimal discriminator against perturbed ones, the value of the game against the divergences."""

import math

import numpy as np
import pytest
import torch

from gansmith.data import toys
from gansmith.terms import LOSSES
from gansmith.theory import optimal
from gansmith.theory.divergences import js

X = torch.linspace(-12, 14, 2601, dtype=torch.float64).unsqueeze(1)
CELL = 0.01
DATA, GENERATOR = toys.normal(), toys.normal(3.0, 1.5)
LOG_R, LOG_G = DATA.log_density(X), GENERATOR.log_density(X)
P_R, P_G = LOG_R.exp(), LOG_G.exp()


def test_best_value_is_that_of_the_optimal_discriminator():
    score = optimal.optimal_score(LOG_R, LOG_G)
    torch.testing.assert_close(torch.sigmoid(score), optimal.optimal_discriminator(P_R, P_G))
    best = optimal.best_value(P_R, P_G, CELL)
    assert optimal.value_on_grid(score, P_R, P_G, CELL) == pytest.approx(best, abs=1e-12)
    assert best == pytest.approx(2 * js(P_R, P_G, CELL) - math.log(4), abs=1e-12) and -math.log(4) < best < 0


@pytest.mark.parametrize("seed", range(3))
def test_any_other_discriminator_is_worse(seed):
    change = torch.from_numpy(np.random.default_rng(seed).standard_normal(len(X))) / 10
    score, best = optimal.optimal_score(LOG_R, LOG_G), optimal.best_value(P_R, P_G, CELL)
    for sign in (1, -1):
        assert optimal.value_on_grid(score + sign * change, P_R, P_G, CELL) < best - 1e-4


def test_at_the_equilibrium_it_is_minus_log_4():
    assert optimal.best_value(P_R, P_R, CELL) == -math.log(4)
    assert optimal.value_on_grid(torch.zeros(len(X)), P_R, P_R, CELL) == pytest.approx(-math.log(4), abs=1e-9)
    assert (optimal.optimal_discriminator(P_R, P_R) == 0.5).all()
    assert (optimal.optimal_score(LOG_R, LOG_R) == 0).all()


def test_disjoint_supports_are_told_apart_at_no_cost():
    p_r, p_g = torch.tensor([0.5, 0.5, 0.0, 0.0]), torch.tensor([0.0, 0.0, 0.0, 1.0])
    assert optimal.optimal_discriminator(p_r, p_g).tolist() == [1, 1, 0.5, 0]
    score = optimal.optimal_score(p_r.log(), p_g.log())
    assert score.tolist() == [math.inf, math.inf, 0, -math.inf]
    assert optimal.value_on_grid(score, p_r, p_g) == optimal.best_value(p_r, p_g) == 0


def test_value_of_samples_is_minus_the_discriminators_cost():
    rng = torch.Generator().manual_seed(0)
    real, fake = torch.randn(7, generator=rng).double(), torch.randn(5, generator=rng).double()
    cost = LOSSES.ours["minimax"]().discriminator(real, fake).item()
    assert optimal.value(real, fake) == pytest.approx(-cost, rel=1e-12)
    assert optimal.js_bound(real, fake) == pytest.approx((math.log(4) - cost) / 2, rel=1e-12)


def test_value_of_samples_approaches_that_of_densities():
    rng = torch.Generator().manual_seed(0)
    x, g = DATA.sample(100_000, rng), GENERATOR.sample(100_000, rng)
    real, fake = (optimal.optimal_score(DATA.log_density(s), GENERATOR.log_density(s)) for s in (x, g))
    assert optimal.value(real, fake) == pytest.approx(optimal.best_value(P_R, P_G, CELL), abs=1e-2)
    assert optimal.js_bound(real, fake) == pytest.approx(js(P_R, P_G, CELL), abs=5e-3)


def test_distance_of_a_discriminator_that_has_no_idea():
    """D = ½ is off by |p_r − p_g| / 2(p_r + p_g): under the mixture ½ (p_r + p_g) that is half the total variation."""
    off = optimal.distance_to_optimal(torch.zeros(len(X)), LOG_R, LOG_G, P_R + P_G)
    assert off == pytest.approx(float((P_R - P_G).abs().sum()) * CELL / 4, rel=1e-6)
    assert optimal.distance_to_optimal(optimal.optimal_score(LOG_R, LOG_G), LOG_R, LOG_G) == 0
    samples = torch.cat([toy.sample(50_000, torch.Generator().manual_seed(0)) for toy in (DATA, GENERATOR)])
    logs = DATA.log_density(samples), GENERATOR.log_density(samples)
    assert optimal.distance_to_optimal(torch.zeros(100_000), *logs) == pytest.approx(off, abs=2e-3)
