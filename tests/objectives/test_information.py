"""Bounds on mutual information against channels whose information is known exactly."""

import math

import numpy as np
import pytest
import torch
from scipy import integrate, stats

from gansmith.objectives import information

RNG = torch.Generator().manual_seed(0)


def normal(*shape):
    return torch.randn(*shape, dtype=torch.float64, generator=RNG)


def channel(k, error, copies=100):
    """Return codes and outputs of a channel that errs with this probability, in their exact proportions."""
    codes, outputs = [], []
    for c in range(k):
        for x in range(k):
            count = round(copies * (1 - error if c == x else error / (k - 1)))
            codes += [c] * count
            outputs += [x] * count
    return torch.tensor(codes), torch.tensor(outputs)


def posterior(k, error):
    """Return log P(c|x) of that channel, (x, c)."""
    off = error / (k - 1)
    return torch.full((k, k), off, dtype=torch.float64).fill_diagonal_(1 - error).log()


@pytest.mark.parametrize(("k", "error"), [(2, 0.1), (2, 0.5), (3, 0.4), (5, 0.2)])
def test_categorical_bound_is_the_information_of_a_symmetric_channel(k, error):
    """I = H(c) + H(x) − H(c, x) of the joint table; the true posterior reaches it, whatever constant is added."""
    codes, outputs = channel(k, error)
    joint = np.zeros((k, k))
    np.add.at(joint, (codes.numpy(), outputs.numpy()), 1 / len(codes))
    mutual = stats.entropy(joint.sum(0)) + stats.entropy(joint.sum(1)) - stats.entropy(joint.ravel())
    logits = posterior(k, error)[outputs] + normal(len(codes), 1)
    assert information.categorical_bound(logits, codes).item() == pytest.approx(mutual, abs=1e-12)


@pytest.mark.parametrize("worse", [0.05, 0.3, 0.6])
def test_another_categorical_q_loses_its_divergence_from_the_posterior(worse):
    k, error = 3, 0.2
    codes, outputs = channel(k, error)
    best = information.categorical_bound(posterior(k, error)[outputs], codes).item()
    found = information.categorical_bound(posterior(k, worse)[outputs], codes).item()
    divergence = stats.entropy(posterior(k, error)[0].exp().numpy(), posterior(k, worse)[0].exp().numpy())
    assert divergence > 0.01
    assert best - found == pytest.approx(divergence, abs=1e-12)


def test_categorical_bound_between_certainty_and_lies():
    codes = torch.tensor([0, 1, 2, 3])
    sure = 1000 * torch.eye(4, dtype=torch.float64)
    assert information.categorical_bound(sure, codes).item() == pytest.approx(math.log(4))
    assert information.categorical_bound(sure, codes.roll(1)).item() == pytest.approx(math.log(4) - 1000)


def test_categorical_gradient_is_the_code_minus_the_softmax():
    logits, codes = normal(5, 4).requires_grad_(), torch.tensor([0, 3, 1, 1, 2])
    (gradient,) = torch.autograd.grad(information.categorical_bound(logits, codes), logits)
    torch.testing.assert_close(gradient, (torch.eye(4)[codes] - logits.detach().softmax(1)) / 5)


def test_uniform_bound_is_scipys_log_density_plus_the_entropy():
    mean, log_deviation, codes = normal(50, 3), normal(50, 3), 2 * torch.rand(50, 3, dtype=torch.float64) - 1
    density = stats.norm.logpdf(codes.numpy(), mean.numpy(), np.exp(log_deviation.numpy()))
    expected = torch.from_numpy(density.mean(0) + stats.uniform(-1, 2).entropy())
    torch.testing.assert_close(information.uniform_bound(mean, log_deviation, codes), expected)


@pytest.mark.parametrize("deviation", [0.02, 0.05])
def test_uniform_bound_nears_the_information_of_a_fine_channel(deviation):
    """x = c + deviation · n: the bound stays below I, by less than the ends of [−1, 1] can tell."""

    def density(x):
        return (stats.norm.cdf((x + 1) / deviation) - stats.norm.cdf((x - 1) / deviation)) / 2

    ends = 1 + 8 * deviation
    surprise = integrate.quad(lambda x: -density(x) * np.log(density(x) + 1e-300), -ends, ends, points=[-1, 1])[0]
    mutual = surprise - stats.norm.entropy(0, deviation)
    levels = torch.from_numpy(stats.norm.ppf((np.arange(1000) + 0.5) / 1000))
    noise = deviation * levels / levels.square().mean().sqrt()  # variance exactly deviation²
    codes = torch.zeros(1000, 1, dtype=torch.float64)
    spread = torch.full_like(codes, math.log(deviation))
    bound = information.uniform_bound(codes + noise[:, None], spread, codes).item()
    assert bound == pytest.approx(math.log(2) - stats.norm.entropy(0, deviation), abs=1e-12)
    assert 0 < mutual - bound < 2 * deviation
    for wrong in (0.8, 1.25):  # a deviation s times the true one costs log s + (1/s² − 1)/2
        lost = bound - information.uniform_bound(codes + noise[:, None], spread + math.log(wrong), codes).item()
        assert lost == pytest.approx(math.log(wrong) + (wrong**-2 - 1) / 2, abs=1e-12)


def test_uniform_bound_of_the_best_guess_is_negative_and_nothing_is_clamped():
    """Without a hint Q is N(0, ⅓), of the variance of U(−1, 1): log 2 − ½ log(2πe/3) < 0."""
    codes = (2 * torch.arange(10_000, dtype=torch.float64)[:, None] + 1) / 10_000 - 1
    spread = torch.full_like(codes, -0.5 * math.log(3))
    expected = math.log(2) - 0.5 * math.log(2 * math.pi * math.e / 3)
    found = information.uniform_bound(torch.zeros_like(codes), spread, codes).item()
    assert found == pytest.approx(expected, abs=1e-7)
    assert found < 0
    sure = information.uniform_bound(torch.zeros_like(codes), torch.full_like(codes, -5.0), codes).item()
    assert sure == pytest.approx(math.log(2) - 0.5 * math.log(2 * math.pi) + 5 - math.exp(10) / 6, rel=1e-6)


def test_uniform_gradients():
    """∂/∂mean is (c − mean)/dev², ∂/∂log dev is ((c − mean)/dev)² − 1, each over N."""
    mean, log_deviation, codes = normal(4, 2).requires_grad_(), normal(4, 2).requires_grad_(), normal(4, 2)
    bound = information.uniform_bound(mean, log_deviation, codes).sum()
    to_mean, to_deviation = torch.autograd.grad(bound, (mean, log_deviation))
    off = (codes - mean).detach() / log_deviation.detach().exp()
    torch.testing.assert_close(to_mean, off / log_deviation.detach().exp() / 4)
    torch.testing.assert_close(to_deviation, (off.square() - 1) / 4)


def test_label_loss_by_hand():
    logits, labels = normal(6, 3).requires_grad_(), torch.tensor([0, 1, 2, 2, 1, 0])
    loss = information.label_loss(logits, labels)
    expected = -logits.detach().softmax(1)[torch.arange(6), labels].log().mean()
    assert loss.item() == pytest.approx(expected.item(), rel=1e-12)
    (gradient,) = torch.autograd.grad(loss, logits)
    torch.testing.assert_close(gradient, (logits.detach().softmax(1) - torch.eye(3)[labels]) / 6)


def test_attribute_loss_by_hand():
    """The gradient is (σ(s) − a) / NK: 0 where the probability is right, soft targets too."""
    logits = normal(5, 4).requires_grad_()
    attributes = torch.rand(5, 4, dtype=torch.float64, generator=RNG)
    loss = information.attribute_loss(logits, attributes)
    p = logits.detach().sigmoid()
    expected = -(attributes * p.log() + (1 - attributes) * (1 - p).log()).mean()
    assert loss.item() == pytest.approx(expected.item(), rel=1e-12)
    (gradient,) = torch.autograd.grad(loss, logits)
    torch.testing.assert_close(gradient, (p - attributes) / 20)


def test_attribute_loss_stays_finite():
    logits = torch.tensor([[1e4, -1e4]], requires_grad=True)
    wrong = information.attribute_loss(logits, torch.tensor([[0.0, 1.0]]))
    assert wrong.item() == pytest.approx(1e4)
    assert information.attribute_loss(logits, torch.tensor([[1.0, 0.0]])).item() == 0
    assert torch.autograd.grad(wrong, logits)[0].tolist() == [[0.5, -0.5]]
