"""Diversity of answers: 1 for draws of the targets' own distribution, 0 for one answer to all."""

import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.metrics.answers import diversity


def draws(*shape, seed=0):
    return torch.randint(2, shape, generator=torch.Generator().manual_seed(seed)).double() * 2 - 1


def test_draws_of_the_two_answers_are_as_far_apart_as_from_the_target():
    """E (a − a′)² = E (a − x)² = 2."""
    assert diversity(draws(5, 4000, 1), draws(4000, 1, seed=1)) == pytest.approx(1, abs=0.05)


def test_the_mean_and_any_other_constant_have_none():
    targets = draws(4000, 1, seed=1)
    for constant in (0.0, 1.0):
        assert diversity(torch.full((3, 4000, 1), constant), targets) == 0


def test_too_little_and_too_much_noise_are_told_apart():
    rng = torch.Generator().manual_seed(0)
    x, noise = (torch.randn(*shape, generator=rng) for shape in ((5000, 2), (4, 5000, 2)))
    for spread in (0.5, 2.0):  # E (a − a′)² = 2 s², E (a − x)² = 1 + s²
        assert diversity(spread * noise, x) == pytest.approx(2 * spread**2 / (1 + spread**2), rel=0.05)


def test_one_answer_has_none_to_compare_with():
    with pytest.raises(GansmithError, match="diversity: answers"):
        diversity(torch.zeros(1, 3, 2), torch.zeros(3, 2))
    with pytest.raises(GansmithError, match="diversity: answers"):
        diversity(torch.zeros(2, 3, 2), torch.zeros(4, 2))
