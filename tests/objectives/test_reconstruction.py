"""Errors of reconstructions, and the divergence of an encoder's normal distributions from the noise."""

import pytest
import torch
from torch.distributions import Normal, kl_divergence

from gansmith.objectives.reconstruction import kl_from_normal, mean_squared_error, squared_error

RNG = torch.Generator().manual_seed(0)
MEAN, LOG_VARIANCE = (torch.randn(40, 3, generator=RNG, dtype=torch.float64) for _ in range(2))


def test_the_divergence_is_torch_s():
    known = kl_divergence(Normal(MEAN, (LOG_VARIANCE / 2).exp()), Normal(0, 1)).sum(dim=1).mean()
    torch.testing.assert_close(kl_from_normal(MEAN, LOG_VARIANCE), known)


def test_the_divergence_is_what_draws_say():
    """E log q(z|x) − log p(z) over z ~ q, within five standard errors."""
    q = Normal(MEAN, (LOG_VARIANCE / 2).exp())
    z = MEAN + (LOG_VARIANCE / 2).exp() * torch.randn(20_000, 40, 3, generator=RNG, dtype=torch.float64)
    drawn = (q.log_prob(z) - Normal(0, 1).log_prob(z)).sum(dim=2).mean(dim=1)
    error = float(drawn.std()) / len(drawn) ** 0.5
    assert float(kl_from_normal(MEAN, LOG_VARIANCE)) == pytest.approx(float(drawn.mean()), abs=5 * error)
    assert error < 0.01


def test_it_is_zero_for_the_noise_alone():
    nothing = torch.zeros(2, 3)
    assert kl_from_normal(nothing, nothing) == 0
    assert kl_from_normal(nothing, nothing + 0.1) > 0 and kl_from_normal(nothing, nothing - 0.1) > 0
    assert kl_from_normal(nothing + 0.1, nothing) > 0


def test_one_error_is_of_samples_the_other_of_their_numbers():
    x, y = torch.randn(5, 1, 4, 4), torch.randn(5, 1, 4, 4)
    assert squared_error(x, y).item() == pytest.approx(16 * mean_squared_error(x, y).item(), rel=1e-6)
