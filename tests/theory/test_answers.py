"""Two right answers, in closed form."""

import math

import pytest
import torch

from gansmith.theory.answers import adversary, of_one_answer, squared_error
from gansmith.theory.divergences import js


@pytest.mark.parametrize("k", [1, 2, 3, 10, 1000])
def test_one_of_several_targets(k):
    p, q = torch.full((k,), 1 / k, dtype=torch.float64), torch.eye(k, dtype=torch.float64)[0]
    assert of_one_answer(k) == pytest.approx(js(p, q), abs=1e-12)
    assert of_one_answer(2) == pytest.approx(0.75 * math.log(4 / 3))
    assert 0 <= of_one_answer(k) < math.log(2)


def test_squared_error_is_that_of_the_targets_and_least_at_their_mean():
    a = torch.linspace(-2, 2, 41, dtype=torch.float64)
    assert torch.allclose(squared_error(a), ((a - 1).square() + (a + 1).square()) / 2)
    assert a[squared_error(a).argmin()].abs() < 1e-9


def test_the_adversary_s_value_is_least_at_the_targets_and_largest_between():
    at = {a: adversary(a, 0.1) for a in (-1.0, 0.0, 0.9, 1.0, 1.1)}
    assert at[1.0] == pytest.approx(2 * of_one_answer(2) - math.log(4), abs=1e-4) == pytest.approx(at[-1.0], abs=1e-9)
    assert at[0.0] == pytest.approx(0, abs=1e-4)
    assert at[1.0] < min(at[0.9], at[1.1]) - 0.05
