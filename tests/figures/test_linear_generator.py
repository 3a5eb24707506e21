"""What the figure of the linear generator says is what the densities say."""

import math

import pytest
import torch

from gansmith.figures.linear_generator import linear_generator
from gansmith.theory.line import wasserstein_1d
from gansmith.theory.linear_generator import CONTINUOUS
from gansmith.theory.optimal import best_value


def test_its_numbers_are_those_of_densities_and_samples():
    found = linear_generator()
    numbers, t = found.numbers, (torch.arange(100_000, dtype=torch.float64) + 0.5) / 100_000
    data = 5 + torch.special.ndtri(t)
    for cost, sd in (("minimax", 1.082), ("nonsaturating", 0.914), (CONTINUOUS, 1.160)):
        s = numbers[f"end of {cost}"]
        assert s == pytest.approx(sd, abs=1e-3)
        x = torch.linspace(-1, 11, 120_001, dtype=torch.float64)
        q = ((x - 5).abs() < math.sqrt(3) * s).double()
        p = torch.exp(-((x - 5) ** 2) / 2) / math.sqrt(2 * math.pi)
        assert numbers[f"V there, {cost}"] == pytest.approx(best_value(p, q / (q.sum() * 1e-4), 1e-4), abs=1e-4)
        uniform = 5 + math.sqrt(3) * s * (2 * t - 1)
        assert numbers[f"W₁ there, {cost}"] == pytest.approx(wasserstein_1d(uniform, data), abs=1e-4)
    assert numbers["W₁ at sd 1"] == pytest.approx(0.1543, abs=1e-4)
    assert 0.1 < numbers["least W₁"] < numbers["W₁ there, nonsaturating"]
    assert numbers["V at sd 1"] > numbers["V there, minimax"] > -math.log(4) + 0.09


def test_its_caption_says_them():
    caption = linear_generator().caption
    assert "W₁ = 0.154 is left" in caption and "Minimax ends at sd 1.082 (W₁ = 0.196); V = −1.291" in caption
    assert "ends at sd 0.914 (W₁ = 0.126) against D*" in caption and "at sd 1.160 (W₁ = 0.2" in caption
