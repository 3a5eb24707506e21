"""Terms on features, each by an identity."""

import pytest
import torch
from torch import nn

from gansmith.errors import GansmithError
from gansmith.objectives.penalties import pull_away
from gansmith.terms import Adversarial, FeatureMatching, PullAway


def test_features_of_equal_batches_match_and_pull_nowhere(game_of, round_of):
    game = game_of(FeatureMatching(2.0, covariance=1.0))
    generator, z = game.networks["generator"], torch.randn(12, 3)
    twin = game.round(generator(z).detach(), z)
    term = game.terms["feature_matching"]
    assert term.generator(twin).item() == pytest.approx(0, abs=1e-12) and set(term.costs) == {"generator"}
    pull = torch.autograd.grad(term.generator(twin), list(generator.parameters()))
    assert all(float(g.abs().max()) < 1e-6 for g in pull)
    other = round_of(game)
    features = [other.features(kind).detach() for kind in ("real", "fake")]
    gap = (features[0].mean(0) - features[1].mean(0)).square().sum()
    assert FeatureMatching(2.0).generator(other).item() == pytest.approx(2 * gap.item(), rel=1e-5)


def test_feature_matching_can_stand_alone(game_of, round_of):
    alone = game_of(Adversarial(generator_scale=0.0), FeatureMatching(1.0))
    turn = round_of(alone)
    assert alone.cost("generator", turn).item() == alone.terms["feature_matching"].generator(turn).item()
    assert set(alone.costs["generator"]) == {"feature_matching"}


@pytest.mark.parametrize("term", [FeatureMatching(), PullAway()])
def test_a_discriminator_without_features_is_told_what_to_return(term, game_of, round_of):
    plain = game_of(term, networks=(nn.Linear(3, 2), nn.Linear(2, 1)))
    with pytest.raises(GansmithError, match=r"the discriminator must return DiscriminatorOutput\(logits, features\)"):
        plain.cost("generator", round_of(plain))


def test_pull_away_is_the_plain_function_of_the_fakes_features(game_of, round_of):
    game = game_of(PullAway(0.3))
    turn = round_of(game)
    features = game.networks["discriminator"](turn.fake).features
    assert game.terms["pull_away"].generator(turn).item() == pytest.approx(0.3 * pull_away(features).item(), rel=1e-6)
    assert set(game.terms["pull_away"].costs) == {"generator"}
