"""Feature matching against numpy's means and covariances, and against gradients in closed form."""

import numpy as np
import pytest
import torch

from gansmith.objectives.matching import feature_matching

RNG = torch.Generator().manual_seed(0)


def normal(*shape):
    return torch.randn(*shape, dtype=torch.float64, generator=RNG)


@pytest.mark.parametrize(("n", "m", "f"), [(7, 7, 3), (5, 11, 4), (9, 2, 1)])
@pytest.mark.parametrize("weight", [0.0, 0.3, 2.0])
def test_means_and_covariances_as_numpy_has_them(n, m, f, weight):
    real, fake = normal(n, f) + 1, 2 * normal(m, f)
    means = ((real.numpy().mean(0) - fake.numpy().mean(0)) ** 2).sum()
    gap = np.atleast_2d(np.cov(real.numpy().T)) - np.atleast_2d(np.cov(fake.numpy().T))
    found = feature_matching(real, fake, weight).item()
    assert found == pytest.approx(means + weight * np.linalg.norm(gap, "fro") ** 2, rel=1e-12)


def test_means_alone_need_a_single_sample():
    assert feature_matching(torch.tensor([[1.0, 2.0]]), torch.tensor([[4.0, -2.0]])).item() == 25


def test_a_shift_costs_nothing_in_covariance_and_a_stretch_nothing_in_the_mean():
    x = normal(8, 3)
    assert feature_matching(x, x + 2, 5.0).item() == pytest.approx(3 * 4, rel=1e-12)
    stretched = x.mean(0) + 2 * (x - x.mean(0))
    assert feature_matching(x, stretched).item() == pytest.approx(0, abs=1e-24)
    expected = 5 * (3 * torch.cov(x.T)).square().sum().item()
    assert feature_matching(x, stretched, 5.0).item() == pytest.approx(expected, rel=1e-12)


def test_gradient_pulls_the_fake_mean_to_the_real_one():
    """d/dfake_i of ‖m_r − m_f‖² is 2 (m_f − m_r) / N, and the opposite for real."""
    real, fake = normal(6, 3).requires_grad_(), normal(4, 3).requires_grad_()
    to_real, to_fake = torch.autograd.grad(feature_matching(real, fake), (real, fake))
    gap = (fake.mean(0) - real.mean(0)).detach()
    torch.testing.assert_close(to_fake, (2 * gap / 4).expand(4, 3))
    torch.testing.assert_close(to_real, (-2 * gap / 6).expand(6, 3))


def test_gradient_of_the_covariances():
    """d/dfake of ‖C_f − C_r‖² is 4 (fake − mean)(C_f − C_r) / (N − 1)."""
    real, fake = normal(6, 3), normal(5, 3).requires_grad_()
    only = feature_matching(real, fake, 1.0) - feature_matching(real, fake)
    (gradient,) = torch.autograd.grad(only, fake)
    still = fake.detach()
    expected = 4 * (still - still.mean(0)) @ (torch.cov(still.T) - torch.cov(real.T)) / 4
    torch.testing.assert_close(gradient, expected)
    assert torch.autograd.gradcheck(lambda r, f: feature_matching(r, f, 0.7), (real.requires_grad_(), fake))
