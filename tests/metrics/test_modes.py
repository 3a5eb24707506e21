"""Mode coverage and sliced Wasserstein against what is known."""

import math

import pytest
import torch

from gansmith.data.toys import grid, ring
from gansmith.metrics.modes import mode_coverage
from gansmith.metrics.wasserstein import sliced_wasserstein


@pytest.mark.parametrize("toy", [ring(), grid()])
def test_perfect_samples_cover_all_modes_and_score_98_89_percent(toy):
    samples = toy.sample(100_000, torch.Generator().manual_seed(0))
    found = mode_coverage(samples, toy.modes, toy.spread)
    assert found.modes == len(toy.modes)
    assert found.high_quality == pytest.approx(1 - math.exp(-4.5), abs=1.5e-3)


def test_collapse_and_junk_are_seen():
    toy = grid()
    one = toy.modes[7].expand(50, 2)
    assert mode_coverage(one, toy.modes, toy.spread) == (1, 1.0)
    between = one + 1.0
    assert mode_coverage(between, toy.modes, toy.spread) == (0, 0.0)
    assert mode_coverage(torch.cat([one, between]), toy.modes, toy.spread) == (1, 0.5)


def test_a_shift_costs_its_length():
    rng = torch.Generator().manual_seed(0)
    x, shift = torch.randn(500, 3, generator=rng), torch.tensor([3.0, -4.0, 12.0])
    found = sliced_wasserstein(x, x[torch.randperm(500, generator=rng)] + shift, projections=20_000)
    assert found == pytest.approx(13, rel=0.02)


def test_scale_of_a_gaussian_in_closed_form():
    """In one dimension W₂ of N(0, 1) and N(0, 9) is 2."""
    x = torch.special.ndtri((torch.arange(5000, dtype=torch.float64) + 0.5) / 5000).unsqueeze(1)
    assert sliced_wasserstein(x, 3 * x) == pytest.approx(2, abs=5e-3)
