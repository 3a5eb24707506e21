"""The walk by hand is the walk of the dynamics, and the lecture's slips are where it says they are."""

import itertools

import numpy as np
import pytest

from gansmith.dynamics import Simultaneous
from gansmith.games import toy
from gansmith.theory.walk import PRINTED, SLIPS, follows, walk, written


@pytest.mark.parametrize("eta", [0.1, 0.3])
def test_the_dynamics_go_the_same_way(eta):
    game = toy.bilinear(1.0, 0.0, lr=eta)
    for t, place in enumerate(walk(6)):
        assert game.position().tolist() == pytest.approx([place.x(eta), place.y(eta)], abs=1e-14)
        power = (1 + 1j * eta) ** t
        assert (place.x(eta), place.y(eta)) == pytest.approx((power.real, power.imag))
        Simultaneous().step(game, itertools.repeat(None))


def test_the_lecture_is_right_where_no_slip_is_named_and_wrong_where_one_is():
    named = {(step, coordinate) for step, coordinate, _ in SLIPS}
    for step, coordinate in itertools.product((1, 2, 3), "xy"):
        same = np.allclose((follows(step, coordinate) - getattr(PRINTED[step], coordinate)).coef, 0)
        assert same == ((step, coordinate) not in named)
    assert written(walk(2)[2].y) == "2η" and written(PRINTED[2].y) == "η + η²"
    assert written(PRINTED[3].x) == "1 − η − 2η²"
    assert written(-PRINTED[3].x) == "−1 + η + 2η²"
