"""Closed slopes of the generators' costs against automatic differentiation of the losses that train networks."""

import math

import pytest
import torch

from gansmith.terms import LOSSES
from gansmith.theory.saturation import PULLS

D = torch.linspace(0.001, 0.999, 41, dtype=torch.float64)


@pytest.mark.parametrize("name", PULLS)
def test_cost_and_slopes_are_those_of_the_loss(name):
    pull = PULLS[name]
    scores = (D if name == "least-squares" else torch.logit(D)).clone().requires_grad_()
    costs = torch.stack([LOSSES.ours[name]().generator(s.reshape(1), s.reshape(1)) for s in scores])
    (slopes,) = torch.autograd.grad(costs.sum(), scores)
    torch.testing.assert_close(pull.cost(D), costs.detach(), atol=1e-12, rtol=0)
    torch.testing.assert_close(pull.by_score(D), slopes, atol=1e-12, rtol=0)
    d = D.clone().requires_grad_()
    (by_d,) = torch.autograd.grad(pull.cost(d).sum(), d)
    torch.testing.assert_close(pull.by_d(D), by_d, atol=1e-9, rtol=1e-12)


def test_a_discriminator_that_is_99_percent_sure():
    d = torch.tensor(0.01, dtype=torch.float64)
    assert PULLS["minimax"].cost(d).item() == pytest.approx(math.log(0.99), abs=1e-12)
    assert PULLS["nonsaturating"].cost(d).item() == pytest.approx(4.605170186, abs=1e-9)
    assert PULLS["nonsaturating"].by_score(d) / PULLS["minimax"].by_score(d) == pytest.approx(99, rel=1e-12)


def test_both_agree_on_where_to_go_and_at_one_half_on_how_fast():
    for slope in ("by_d", "by_score"):
        minimax, other = (getattr(PULLS[name], slope) for name in ("minimax", "nonsaturating"))
        assert (minimax(D) < 0).all() and (other(D) < 0).all()
        half = torch.tensor(0.5)
        assert minimax(half) == other(half)
