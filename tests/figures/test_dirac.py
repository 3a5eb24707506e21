"""The Dirac-GAN: who arrives and who circles, as in Mescheder et al. 2018."""

import pytest

from gansmith.dynamics import Alternating
from gansmith.figures.dirac import CASES, NAMES, STEPS, _rounds, dirac
from gansmith.figures.plane import distances, trail
from gansmith.games import toy


def test_only_what_is_damped_arrives():
    found = dirac().numbers
    circles = ["GAN", "WGAN, |ψ| ≤ 1", "WGAN-GP, 0.35 (|ψ| − 1)²"]
    assert all(0.9 < found[name] < 1.5 for name in circles)
    assert 0.1 < found["non-saturating GAN"] < 0.5  # on its way, ever slower
    assert found["GAN, instance noise σ = 0.7"] < 1e-4
    assert found["GAN + R1, γ = 0.3"] < 1e-6
    assert found["GAN, consensus γ = 1"] < 1e-10
    assert found["GAN + R1, γ = 1 (critical)"] < 1e-14


def test_the_non_saturating_cost_creeps_in():
    """Its distance falls as 1/√steps: by √2 where the steps double, and by no factor a step."""
    game = toy.DiracGAN(CASES[1].terms, lr=0.2)
    left = distances(trail(Alternating(), game, _rounds(game), 4 * STEPS, NAMES))
    for steps in (STEPS, 2 * STEPS):
        assert left[2 * steps] == pytest.approx(left[steps] / 2**0.5, rel=0.03)
