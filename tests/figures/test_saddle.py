"""The saddle that both players slide into."""

import pytest

from gansmith.figures.saddle import LR, STEPS, saddle


def test_every_step_keeps_one_minus_two_eta():
    found = saddle().numbers
    assert found["factor"] == pytest.approx(1 - 2 * LR, abs=1e-14)
    assert found["left"] == pytest.approx((1 - 2 * LR) ** STEPS, rel=1e-12)
