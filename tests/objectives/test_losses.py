"""Losses against closed forms, scipy and finite differences."""

import math

import numpy as np
import pytest
import torch
from scipy.special import expit, log_expit

from gansmith.errors import GansmithError
from gansmith.objectives.losses import cross_entropy, flipped_view
from gansmith.settings.components import find
from gansmith.terms import LOSSES

RNG = np.random.default_rng(0)
REAL, FAKE = 3 * RNG.standard_normal(7), 3 * RNG.standard_normal(7)
F = 2 * expit(-FAKE) - 1
EXPECTED = {
    "minimax": (-log_expit(REAL).mean() - log_expit(-FAKE).mean(), log_expit(-FAKE).mean()),
    "nonsaturating": (-log_expit(REAL).mean() - log_expit(-FAKE).mean(), -log_expit(FAKE).mean()),
    "least-squares": (((REAL - 1) ** 2).mean() / 2 + (FAKE**2).mean() / 2, ((FAKE - 1) ** 2).mean() / 2),
    "wasserstein": (FAKE.mean() - REAL.mean(), -FAKE.mean()),
    "hinge": (np.maximum(0, 1 - REAL).mean() + np.maximum(0, 1 + FAKE).mean(), -FAKE.mean()),
    "margin": ((1 + 2 * expit(-REAL) - 1).mean() + (1 - F).mean(), F.mean()),
    "ebgan": (-REAL.mean() + np.maximum(0, 1.5 + FAKE).mean(), -FAKE.mean()),
    "relativistic": (-log_expit(REAL - FAKE).mean(), -log_expit(FAKE - REAL).mean()),
    "relativistic-average": (
        -log_expit(REAL - FAKE.mean()).mean() - log_expit(REAL.mean() - FAKE).mean(),
        -log_expit(FAKE - REAL.mean()).mean() - log_expit(FAKE.mean() - REAL).mean(),
    ),
}


def loss(name, **settings):
    return find(name, LOSSES)(**settings)


def of_margin(name):
    return loss(name, **({"margin": 1.5} if name == "ebgan" else {}))


def scores(values=None):
    real, fake = (REAL, FAKE) if values is None else values
    return tuple(torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (real, fake))


def test_no_loss_is_left_out():
    assert set(EXPECTED) == set(LOSSES.ours)


@pytest.mark.parametrize("name", EXPECTED)
def test_values(name):
    pair = of_margin(name)
    discriminator, generator = EXPECTED[name]
    assert pair.discriminator(*scores()).item() == pytest.approx(discriminator, rel=1e-12)
    assert pair.generator(*scores()).item() == pytest.approx(generator, rel=1e-12)


@pytest.mark.parametrize("name", EXPECTED)
def test_gradients(name):
    pair = of_margin(name)
    assert torch.autograd.gradcheck(pair.discriminator, scores())
    assert torch.autograd.gradcheck(pair.generator, scores())


@pytest.mark.parametrize("name", EXPECTED)
def test_higher_means_more_real_for_every_loss(name):
    """The discriminator wants real up and fake down, the generator wants fake up."""
    real, fake = scores(([0.1], [0.2]))
    cost = loss(name).discriminator(real, fake)
    d_real, d_fake = torch.autograd.grad(cost, (real, fake))
    assert d_real.item() < 0 < d_fake.item()
    (g_fake,) = torch.autograd.grad(loss(name).generator(real, fake), fake)
    assert g_fake.item() < 0


@pytest.mark.parametrize("name", EXPECTED)
def test_finite_at_any_score(name):
    for size in (50.0, 1e3, 1e30):
        real, fake = (torch.tensor([-s, s], dtype=torch.float32, requires_grad=True) for s in (size, -size))
        if name == "least-squares" and size > 1e15:
            continue  # a squared float32 cannot hold it, and ought not pretend to
        for cost in (loss(name).discriminator(real, fake), loss(name).generator(real, fake)):
            gradients = torch.autograd.grad(cost, (real, fake), allow_unused=True)
            assert cost.isfinite()
            assert all(g is None or g.isfinite().all() for g in gradients)


def test_discriminator_at_one_half_costs_log_4():
    zeros = torch.zeros(3, dtype=torch.float64)
    assert loss("minimax").discriminator(zeros, zeros).item() == pytest.approx(math.log(4), abs=1e-15)


def test_minimax_is_zero_sum_up_to_the_real_half():
    real, fake = scores()
    total = loss("minimax").discriminator(real, fake) + loss("minimax").generator(real, fake)
    assert total.item() == pytest.approx(-log_expit(REAL).mean(), rel=1e-12)


def test_saturating_gradient_vanishes_where_the_discriminator_is_sure():
    """At D(G(z)) = 0.01 the minimax gradient is −0.01 and the non-saturating one −0.99."""
    logit = torch.tensor([math.log(0.01 / 0.99)], dtype=torch.float64, requires_grad=True)
    slopes = {}
    for name in ("minimax", "nonsaturating"):
        (slope,) = torch.autograd.grad(loss(name).generator(logit, logit), logit)
        slopes[name] = slope.item()
    assert slopes == pytest.approx({"minimax": -0.01, "nonsaturating": -0.99}, abs=1e-12)


def test_margin_is_hinge_on_the_bounded_score():
    """fake = 1, real = 0, f = 2D − 1; hinge's score is 1 − 2D = tanh(s/2)."""
    real, fake = scores()
    bounded = tuple(1 - 2 * torch.sigmoid(-s) for s in (real, fake))
    torch.testing.assert_close(bounded[0], torch.tanh(real / 2))
    torch.testing.assert_close(flipped_view(real), -bounded[0])
    for player in ("discriminator", "generator"):
        margin, hinge = getattr(loss("margin"), player)(real, fake), getattr(loss("hinge"), player)(*bounded)
        torch.testing.assert_close(margin, hinge)
        for m, h in zip(
            torch.autograd.grad(margin, (real, fake), allow_unused=True, retain_graph=True),
            torch.autograd.grad(hinge, (real, fake), allow_unused=True, retain_graph=True),
            strict=True,
        ):
            assert (m is None) == (h is None)
            if m is not None:
                torch.testing.assert_close(m, h)


def test_targets_smooth_and_flip():
    real, fake = scores()
    smooth = loss("nonsaturating").discriminator(real, fake, 0.9, 0.0).item()
    by_hand = -(0.9 * log_expit(REAL) + 0.1 * log_expit(-REAL)).mean() - log_expit(-FAKE).mean()
    assert smooth == pytest.approx(by_hand, rel=1e-12)
    flipped = loss("minimax").discriminator(real, fake, torch.zeros(7), torch.ones(7)).item()
    assert flipped == pytest.approx(loss("minimax").discriminator(-real, -fake).item(), rel=1e-12)
    assert cross_entropy(real, 1.0).item() == pytest.approx(-log_expit(REAL).mean(), rel=1e-12)


def test_relativistic_cost_sees_only_differences():
    real, fake = scores()
    pair = loss("relativistic")
    torch.testing.assert_close(pair.discriminator(real + 5, fake + 5), pair.discriminator(real, fake))
    torch.testing.assert_close(pair.generator(real, fake), pair.discriminator(fake, real))


def test_unknown_loss_names_the_nearest():
    with pytest.raises(GansmithError, match="did you mean 'hinge'"):
        loss("hing")
