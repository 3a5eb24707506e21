"""The earth mover's distance by a plan, by a linear program and by a trained critic."""

import pytest

from gansmith.figures.transport import transport


def test_a_trained_critic_comes_to_the_distance():
    found = transport().numbers
    assert found["table"] == pytest.approx(found["table dual"], abs=1e-9) == pytest.approx(found["good plan"], abs=1e-9)
    assert found["bad plan"] > found["table"] + 0.5
    assert found["line"] == pytest.approx(found["line dual"], abs=1e-9)
    assert found["line trained"] == pytest.approx(found["line"], rel=0.05)
    assert 0.95 * found["line"] < found["line proven"] <= found["line"] + 1e-9
