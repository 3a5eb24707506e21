"""The curves are the losses'."""

import math

import pytest
import torch

from gansmith.figures.losses import discriminator_costs, generator_costs, losses
from gansmith.terms import LOSSES

SCORES = torch.tensor([-4.0, 0.0, 1.0, 4.0], dtype=torch.float64)


def test_curves():
    logistic = [2 * math.log1p(math.exp(-s)) for s in SCORES.tolist()]
    torch.testing.assert_close(discriminator_costs(LOSSES.ours["minimax"](), SCORES), torch.tensor(logistic).double())
    costs, slopes = generator_costs(LOSSES.ours["least-squares"](), SCORES)
    assert costs.tolist() == [12.5, 0.5, 0, 4.5] and slopes.tolist() == [-5, -1, 0, 3]


def test_least_squares_pulls_back_what_cross_entropy_lets_go():
    found = losses().numbers
    assert found["least-squares at 4"] == pytest.approx(-3)
    assert found["nonsaturating at 4"] == pytest.approx(found["minimax at -4"]) == pytest.approx(1 / (1 + math.exp(4)))
    assert found["hinge at -4"] == found["wasserstein at 4"] == 1
