"""Penalties against critics whose gradients are known."""

import math

import pytest
import torch

from gansmith.objectives import penalties

RNG = torch.Generator().manual_seed(0)


def normal(*shape):
    return torch.randn(*shape, dtype=torch.float64, generator=RNG)


@pytest.mark.parametrize("n", [1, 4, 16, 64])
def test_linear_critic_costs_nine_at_every_batch_size(n):
    """D(x) = Σ 2x in four dimensions has ‖∇D‖ = 4, and (4 − 1)² = 9."""
    assert penalties.gradient_penalty(lambda x: 2 * x.sum(1), normal(n, 4)).item() == pytest.approx(9, abs=1e-12)


def test_two_sided_one_sided_and_target():
    steep, flat = (lambda x: 2 * x.sum(1)), (lambda x: 0.1 * x.sum(1))
    x = normal(8, 4)
    assert penalties.gradient_penalty(steep, x, target=0.0).item() == pytest.approx(16)
    assert penalties.gradient_penalty(steep, x, one_sided=True).item() == pytest.approx(9)
    assert penalties.gradient_penalty(flat, x).item() == pytest.approx(0.8**2)
    assert penalties.gradient_penalty(flat, x, one_sided=True).item() == 0


def test_norm_is_taken_per_sample():
    """D(x) = ½‖x‖² has ∇D = x: E(‖x‖ − 1)² sample by sample, images flattened."""
    x = normal(5, 2, 3, 3)
    expected = (x.flatten(1).norm(dim=1) - 1).square().mean()
    found = penalties.gradient_penalty(lambda p: 0.5 * p.square().flatten(1).sum(1), x)
    torch.testing.assert_close(found, expected)


def test_gradient_of_the_penalty_reaches_the_critic():
    """d/dw of (‖w‖ − 1)² is 2(‖w‖ − 1) w/‖w‖ for D(x) = wᵀx."""
    w = normal(4).requires_grad_()
    penalty = penalties.gradient_penalty(lambda x: x @ w, normal(6, 4))
    (gradient,) = torch.autograd.grad(penalty, w)
    torch.testing.assert_close(gradient, (2 * (w.norm() - 1) * w / w.norm()).detach())


def cubic(x):
    """D(x) = Σ x³/3 has ∇D = x²."""
    return (x**3).flatten(1).sum(1) / 3


def test_gradient_penalty_is_differentiable_in_what_its_points_were_computed_from():
    """At x̂ = θ + e the penalty is E (‖x̂²‖ − 1)², with the slope 4 E (1 − 1/‖x̂²‖) x̂³ in θ."""
    theta, e = normal(4).requires_grad_(), normal(6, 4)
    penalty = penalties.gradient_penalty(cubic, theta + e)
    (slope,) = torch.autograd.grad(penalty, theta)
    x = (theta + e).detach()
    expected = 4 * ((1 - 1 / x.square().norm(dim=1, keepdim=True)) * x**3).mean(0)
    torch.testing.assert_close(slope, expected)
    assert torch.autograd.gradcheck(lambda t: penalties.gradient_penalty(cubic, t + e), theta)


@pytest.mark.parametrize(("target", "one_sided"), [(1.0, False), (0.5, True)])
def test_points_that_nothing_depends_on_cost_the_same(target, one_sided):
    fixed, moving = normal(6, 4), normal(4).requires_grad_()
    alone, leaf, made = (
        penalties.gradient_penalty(cubic, points, target, one_sided)
        for points in (fixed, fixed.clone().requires_grad_(), fixed + moving - moving)
    )
    assert torch.equal(alone, leaf) and not fixed.requires_grad
    torch.testing.assert_close(made, alone, rtol=1e-12, atol=0)


def test_interpolation_has_one_epsilon_per_sample():
    real, fake, epsilon = normal(6, 1, 4, 4), normal(6, 1, 4, 4), torch.rand(6, dtype=torch.float64, generator=RNG)
    mixed = penalties.interpolate(real, fake, epsilon)
    for i in range(6):
        torch.testing.assert_close(mixed[i], epsilon[i] * real[i] + (1 - epsilon[i]) * fake[i])


@pytest.mark.parametrize("n", [1, 3, 10])
def test_zero_centred_is_half_the_squared_norm(n):
    x = normal(n, 2, 2).requires_grad_()
    scores = (x**3).flatten(1).sum(1) / 3
    torch.testing.assert_close(penalties.zero_centred(scores, x), 0.5 * x.detach().pow(4).flatten(1).sum(1).mean())


def test_zero_centred_gradient_reaches_the_critic():
    w, x = normal(4).requires_grad_(), normal(5, 4).requires_grad_()
    (gradient,) = torch.autograd.grad(penalties.zero_centred(x @ w, x), w)
    torch.testing.assert_close(gradient, w.detach())  # ½‖w‖²


def test_dragan_points_stay_within_half_a_deviation_above():
    x, u = normal(50, 3), torch.rand(50, 3, dtype=torch.float64, generator=RNG)
    moved = (penalties.dragan_points(x, u) - x) / x.std()
    torch.testing.assert_close(moved, 0.5 * u)


def test_variance_is_of_both_and_ignores_the_means():
    real, fake = normal(9), 3 * normal(12)
    found = penalties.variance(real + 7, fake - 5)
    assert found.item() == pytest.approx(real.var().item() + fake.var().item(), rel=1e-12)


def test_variance_gives_the_naive_critic_a_finite_optimum():
    """For scores s·c(x), s(m_f − m_r) + λ s²(v_r + v_f) is least at s = (m_r − m_f) / 2λ(v_r + v_f)."""
    real, fake, weight = normal(20) + 2, normal(20), 0.5
    s = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    best = (real.mean() - fake.mean()) / (2 * weight * (real.var() + fake.var()))
    for point, sign in ((best, 0.0), (best + 1, 1.0), (best - 1, -1.0)):
        s = point.clone().requires_grad_()
        cost = (s * fake).mean() - (s * real).mean() + weight * penalties.variance(s * real, s * fake)
        (slope,) = torch.autograd.grad(cost, s)
        assert slope.item() == pytest.approx(0, abs=1e-12) if sign == 0 else slope.item() * sign > 0


def test_variance_bounds_nothing_where_supports_do_not_meet():
    """D = ±k on either side of 0 has no variance and a gap of 2k; where samples overlap, it has to vary."""
    real, fake = normal(20).abs() + 1, -normal(20).abs() - 1
    for k in (1.0, 1000.0):
        assert penalties.variance(k * real.sign(), k * fake.sign()).item() == 0
        assert (k * real.sign()).mean() - (k * fake.sign()).mean() == 2 * k
    overlapping = real - 2
    assert penalties.variance(1000 * overlapping.sign(), 1000 * fake.sign()).item() > 1e5


def test_pull_away_by_hand():
    """Squared cosines of the pairs, averaged: 60° gives ¼, opposite gives 1, orthogonal 0, whatever the lengths."""
    angle = math.pi / 3
    sixty = torch.tensor([[2.0, 0.0], [5 * math.cos(angle), 5 * math.sin(angle)]], dtype=torch.float64)
    assert penalties.pull_away(sixty).item() == pytest.approx(0.25)
    assert penalties.pull_away(torch.tensor([[1.0, 0.0], [-3.0, 0.0]])).item() == pytest.approx(1)
    features = normal(6, 4)
    cosines = [
        torch.cosine_similarity(features[i], features[j], dim=0).item() ** 2
        for i in range(6)
        for j in range(6)
        if i != j
    ]
    assert penalties.pull_away(features).item() == pytest.approx(sum(cosines) / 30, rel=1e-12)


def test_clipping_holds_every_weight():
    w = torch.tensor([-3.0, -0.005, 0.0, 0.004, 9.0])
    penalties.clip_weights([w], 0.01)
    assert w.tolist() == pytest.approx([-0.01, -0.005, 0.0, 0.004, 0.01])
