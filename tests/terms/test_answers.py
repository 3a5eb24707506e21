"""Answers, posteriors, errors in features and pairs: each term is the plain formula, and moves who it says."""

import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.games.game import descend
from gansmith.objectives.reconstruction import kl_from_normal, mean_squared_error, squared_error
from gansmith.recipes import recipe
from gansmith.terms import Adversarial, Answer, Bidirectional, FeatureError, Posterior, Reconstruction
from gansmith.terms.losses import LOSSES
from gansmith.training.check import check

PLAYERS = ("discriminator", "encoder", "generator")


def moved(game, player, batch):
    before = {name: [p.clone() for p in m.parameters()] for name, m in game.networks.items()}
    descend(game, player, batch)
    return {
        name for name, m in game.networks.items()
        if any(not torch.equal(a, b) for a, b in zip(before[name], m.parameters(), strict=True))
    }  # fmt: skip


def test_answers_cost_their_mean_squared_error(game_of, round_of):
    game = game_of(Answer(3.0), dtype=torch.float64)
    batch = round_of(game)
    expected = 3 * mean_squared_error(batch.x, game.networks["generator"](batch.z))
    assert game.terms["answer"].generator(batch).item() == pytest.approx(expected.item(), rel=1e-12)
    assert "answer" not in game.costs["discriminator"]


def test_answers_need_something_to_answer():
    with pytest.raises(GansmithError, match="answer needs a generator that answers: use --seen masked or small"):
        check(recipe("dcgan", answer=1.0))
    check(recipe("inpaint"))


def test_a_posterior_is_drawn_around_what_the_encoder_says(game_of, round_of):
    game = game_of(Posterior(2.0), Reconstruction(3.0, 0.5), players=PLAYERS, dtype=torch.float64)
    batch = round_of(game)
    mean, log_variance = game.networks["encoder"](batch.x).chunk(2, dim=1)
    assert mean.shape == (16, 3)
    kl = kl_from_normal(mean, log_variance)
    assert game.terms["posterior"].encoder(batch).item() == pytest.approx(2 * kl.item(), rel=1e-12)
    z = mean + (log_variance / 2).exp() * batch.normal("posterior", (16, 3))
    error = squared_error(batch.x, game.networks["generator"](z))
    assert game.cost("encoder", batch).item() == pytest.approx((2 * kl + 3 * error).item(), rel=1e-12)
    assert game.terms["reconstruction"].generator(batch).item() == pytest.approx(1.5 * error.item(), rel=1e-12)
    other = round_of(game, seed=1)
    other.x, other.z = batch.x, batch.z
    assert not torch.equal(other.sample("reconstruction"), batch.sample("reconstruction"))  # by its own draws
    assert moved(game, "encoder", round_of(game)) == {"encoder"}


def test_errors_in_features_are_those_of_what_the_discriminator_tells(game_of, round_of):
    game = game_of(FeatureError(2.0, generator_share=0.25), players=PLAYERS, dtype=torch.float64)
    batch = round_of(game)
    tell = game.networks["discriminator"]
    again = game.networks["generator"](game.networks["encoder"](batch.x))
    error = squared_error(tell(batch.x).features, tell(again).features).item()
    term = game.terms["feature_error"]
    assert term.encoder(batch).item() == pytest.approx(2 * error, rel=1e-12)
    assert term.generator(batch).item() == pytest.approx(0.5 * error, rel=1e-12)
    assert set(term.costs) == {"encoder", "generator"}
    assert set(FeatureError(generator_share=0.0).costs) == {"encoder"}
    for player in ("encoder", "generator"):
        assert moved(game, player, round_of(game)) == {player}


@pytest.mark.parametrize("loss", LOSSES.ours)
def test_pairs_are_scored_by_features_and_latents_and_all_pay_by_the_loss(game_of, round_of, loss):
    loss = LOSSES.ours[loss]()
    game = game_of(Adversarial(generator_scale=0.0), Bidirectional(loss), players=PLAYERS, dtype=torch.float64)
    batch, networks = round_of(game), game.networks
    real = networks["pairs"](networks["discriminator"](batch.x).features, networks["encoder"](batch.x))
    fake = networks["pairs"](networks["discriminator"](networks["generator"](batch.z)).features, batch.z)
    assert real.shape == fake.shape == (16,)
    term = game.terms["bidirectional"]
    for player, expected in (
        ("discriminator", loss.discriminator(real, fake)),
        ("generator", loss.generator(real, fake)),
        ("encoder", loss.generator(-fake, -real)),
    ):
        torch.testing.assert_close(term.costs[player](batch), expected)
    assert [moved(game, player, round_of(game)) for player in PLAYERS] == [
        {"discriminator", "pairs"}, {"encoder"}, {"generator"},
    ]  # fmt: skip


@pytest.mark.parametrize("loss", ["minimax", "wasserstein", "relativistic"])
def test_encoder_and_generator_pull_the_discriminator_s_value_down(game_of, round_of, loss):
    """In a zero-sum loss, what both of them pay falls as the discriminator's cost rises."""
    loss = LOSSES.ours[loss]()
    a, b = (torch.linspace(-1, 1, 9, dtype=torch.float64).requires_grad_() for _ in range(2))
    judge = torch.autograd.grad(loss.discriminator(a, b), (a, b))
    (encoder,) = torch.autograd.grad(loss.generator(-b, -a), a)
    (generator,) = torch.autograd.grad(loss.generator(a, b), b)
    assert (encoder * judge[0] < 0).all() and (generator * judge[1] < 0).all()


def test_one_encoder_serves_all_terms(game_of):
    game = game_of(Posterior(), Reconstruction(), FeatureError(), Bidirectional(), players=PLAYERS)
    assert set(game.networks) == {"discriminator", "encoder", "generator", "pairs"}
    game.cost("encoder", game.round(torch.randn(4, 2), torch.randn(4, 3)))


@pytest.mark.parametrize(("loss", "both"), [("nonsaturating", False), ("wasserstein", False), ("relativistic", True)])
def test_pairs_are_scored_that_somebody_pays_for_and_no_others(game_of, round_of, loss, both):
    """Only a loss that compares the two sides has whoever moves look at the other's pairs."""
    game = game_of(Bidirectional(LOSSES.ours[loss]()), players=PLAYERS)
    made = []
    game.networks["pairs"].register_forward_hook(lambda *_: made.append(1))
    for player in ("encoder", "generator"):
        made.clear()
        game.terms["bidirectional"].costs[player](round_of(game))
        assert len(made) == 1 + both
