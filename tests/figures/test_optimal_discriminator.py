"""A trained discriminator is the best one, on the line and in the plane."""

import math

import pytest

from gansmith.figures.optimal_discriminator import in_the_plane, on_the_line, optimal_discriminator


def test_densities_and_grids_belong_together():
    for duel in (on_the_line(), in_the_plane()):
        assert float(duel.p_r.sum() * duel.cell) == pytest.approx(1, abs=1e-4)
        assert float(duel.p_g.sum() * duel.cell) == pytest.approx(1, abs=1e-3)
        assert -math.log(4) < duel.best < 0


def test_trained_it_comes_to_the_best_discriminator_and_the_best_value():
    found = optimal_discriminator().numbers
    assert 0 < found["1-D distance"] < 0.02
    assert found["1-D value"] == pytest.approx(found["1-D best value"], abs=1e-2)
    assert 0 < found["2-D distance"] < 0.03
    assert found["2-D value"] == pytest.approx(found["2-D best value"], abs=2e-2)
