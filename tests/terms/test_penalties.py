"""Penalties on a round: how strong they are, when, and on which points."""

import pytest
import torch
from torch import nn

from gansmith.objectives import penalties as plain
from gansmith.terms import R1, R2, Dragan, GradientPenalty, Variance
from gansmith.terms.penalties import Drift


def test_lazy_penalty_is_as_strong_on_average(game_of, round_of):
    """Applied at every third move three times as strong; predictive half-steps do not count."""
    every, lazy = R1(0.5), R1(0.5, every=3)
    game = game_of(dtype=torch.float64)
    batch = round_of(game)
    full = every.costs["discriminator"](batch)
    shares = []
    for moves in range(6):
        game.players["discriminator"].moves = moves
        share = lazy.costs["discriminator"](batch)
        shares.append(0.0 if share is None else share.item())
    assert shares == pytest.approx([3 * full.item(), 0, 0] * 2)
    assert set(lazy.costs) == {"discriminator"}


def test_gradient_penalty_term_on_the_linear_critic(game_of, round_of):
    linear = nn.Linear(2, 1, bias=False)
    nn.init.constant_(linear.weight, 2.0)
    batch = round_of(game_of(networks=(nn.Linear(3, 2), linear), dtype=torch.float64))
    share = GradientPenalty(10.0).costs["discriminator"](batch)
    assert share.item() == pytest.approx(10 * (8**0.5 - 1) ** 2)


def expected(kind, batch):
    """Return a penalty's value of weight 1 by its plain function."""
    x, fake, score = batch.x.detach(), batch.fake.detach(), batch.score
    if kind is GradientPenalty:
        mixed = plain.interpolate(x, fake, batch.uniform("epsilon", (len(x),)))
        return plain.gradient_penalty(score, mixed, target=0.3)
    if kind is Dragan:
        return plain.gradient_penalty(score, plain.dragan_points(x, batch.uniform("dragan", x.shape)), target=0.3)
    if kind is Drift:
        return plain.drift(score(x))
    if kind is Variance:
        return plain.variance(score(x), score(fake))
    points = (x if kind is R1 else fake).requires_grad_()
    return plain.zero_centred(score(points), points)


@pytest.mark.parametrize("kind", [GradientPenalty, R1, R2, Dragan, Variance, Drift])
def test_every_penalty_is_its_plain_function_of_the_round(kind, game_of, round_of):
    term = kind(0.7, target=0.3) if kind in (GradientPenalty, Dragan) else kind(0.7)
    batch = round_of(game_of(term, dtype=torch.float64))
    torch.testing.assert_close(term.costs["discriminator"](batch), 0.7 * expected(kind, batch))
    torch.testing.assert_close(term.value(batch), expected(kind, batch))


def test_mixed_points_follow_the_generator_and_points_around_the_data_do_not(game_of, round_of):
    game = game_of(discriminator_activation="tanh")  # a piecewise linear one has the same gradient all around
    batch = round_of(game)
    own = list(game.networks["generator"].parameters())
    through = torch.autograd.grad(GradientPenalty().value(batch), own)
    assert all(float(g.abs().max()) > 0 for g in through)
    around = torch.autograd.grad(Dragan().value(batch), own, allow_unused=True)
    assert around == (None,) * len(own)


@pytest.mark.parametrize("kind", [GradientPenalty, R1, R2, Dragan, Variance, Drift])
def test_a_penalty_at_some_moves_alone_says_that_steps_differ(kind):
    assert kind().needs.changing is None
    assert [kind(every=n).needs.changing for n in (2, 5)] == ["every = 2", "every = 5"]
