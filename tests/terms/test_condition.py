"""Terms that hold the generator to what it was asked for, each by an identity."""

import math

import pytest
import torch
from torch import nn

from gansmith.conditions import Condition
from gansmith.games.game import descend
from gansmith.networks import DiscriminatorOutput
from gansmith.terms import AuxiliaryClassifier, Information


def test_checking_is_the_cross_entropy_of_what_was_asked_for(game_of, round_of):
    condition = Condition(labels=3, attributes=("old",))
    term = AuxiliaryClassifier("head", real_weight=1.5, fake_weight=0.5, generator_weight=2.0)
    game = game_of(term, condition=condition)
    labels, old = torch.arange(12) % 3, (torch.arange(12) % 2).float().unsqueeze(1)
    turn = round_of(game, 12, condition.join(labels, old, torch.empty(12, 0)))
    entropies = {}
    for kind, x in (("real", turn.x), ("fake", turn.fake)):
        read = game.networks["auxiliary"](x, game.networks["discriminator"](x).features).detach()
        binary = nn.functional.binary_cross_entropy_with_logits(read[:, 3:], old)
        entropies[kind] = nn.functional.cross_entropy(read[:, :3], labels) + binary
    expected = {
        "discriminator": float(1.5 * entropies["real"] + 0.5 * entropies["fake"]),
        "generator": float(2 * entropies["fake"]),
    }
    assert term.discriminator(turn).item() == pytest.approx(expected["discriminator"])
    assert term.generator(turn).item() == pytest.approx(expected["generator"])
    for player in game.players:
        game.cost(player, turn)
    told = game.report()
    for player, cost in expected.items():
        assert float(told[f"{player}/auxiliary"]) == pytest.approx(cost)
    assert 0 <= told["checked/real labels"] <= 1 and "checked/fake attributes" in told


def test_the_classifier_moves_with_the_discriminator_and_recognition_with_the_generator(game_of, round_of):
    condition = Condition(labels=3, categorical=(4,))
    game = game_of(AuxiliaryClassifier("network"), Information(), condition=condition)
    sides = {"discriminator": {"discriminator", "auxiliary"}, "generator": {"generator", "recognition"}}
    for player, moved in sides.items():
        before = {name: [p.clone() for p in m.parameters()] for name, m in game.networks.items()}
        c = condition.join(torch.arange(16) % 3, None, condition.draw_codes(16, torch.Generator().manual_seed(0)))
        descend(game, player, round_of(game, c=c))
        changed = {
            name for name, m in game.networks.items()
            if any(not torch.equal(a, b) for a, b in zip(before[name], m.parameters(), strict=True))
        }  # fmt: skip
        assert changed == moved


class Telling(nn.Module):
    """Passes the first two coordinates on as features, so that what can be recognised is known."""

    feature_count = 2

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(()))

    def forward(self, x):
        return DiscriminatorOutput(x[:, 0] * self.weight, x)


class Sends(nn.Module):
    """Makes these samples, whatever it is asked for."""

    def __init__(self, x):
        super().__init__()
        self.x = nn.Parameter(x)

    def forward(self, z, c):
        return self.x


def test_the_bound_of_a_q_that_reads_a_noisy_channel_is_its_information(game_of):
    """Codes 0 and 1, flipped with probability ¼ on their way: I = log 2 − H(¼)."""
    condition, flip = Condition(categorical=(2,)), 0.25
    truth = math.log((1 - flip) / flip)

    class Posterior(nn.Module):
        def forward(self, features):
            return torch.stack([-features[:, 0], features[:, 0]], dim=1) * truth / 2

    codes = torch.arange(400) % 2
    sent = torch.where(torch.arange(400) % 8 < 2, 1 - codes, codes).float() * 2 - 1  # a quarter of each code flipped
    networks = (Sends(torch.stack([sent, sent], dim=1)), Telling())
    game = game_of(Information(3.0), condition=condition, networks=networks)
    game.networks["recognition"].body = Posterior()
    turn = game.round(
        torch.zeros(400, 2), torch.zeros(400, 3), condition.join(None, None, nn.functional.one_hot(codes).float())
    )
    information = math.log(2) + (1 - flip) * math.log(1 - flip) + flip * math.log(flip)
    for player in ("generator", "discriminator"):
        share = game.terms["information"].costs[player](turn)
        assert share.item() == pytest.approx(-3 * information, rel=1e-5)
    game.cost("generator", turn)
    assert float(game.report()["information/c1"]) == pytest.approx(information, rel=1e-5)


def test_a_continuous_code_costs_its_squared_error_and_the_journal_has_its_best_bound(game_of):
    """Q = N(mean, 1) in the cost, λ (½ E(c − mean)² + ½ log 2π − log 2); told is log 2 − ½ log(2πe E(c − mean)²)."""
    condition = Condition(continuous=2)
    codes = torch.linspace(-1, 1, 50)[:, None] * torch.tensor([1.0, -1.0])
    off = torch.tensor([[0.1, -0.4], [-0.1, 0.4]]).repeat(25, 1)
    game = game_of(Information(5.0, 3.0), condition=condition, networks=(Sends(codes + off), Telling()))
    game.networks["recognition"].body = nn.Identity()  # the means are the features
    turn = game.round(torch.zeros(50, 2), torch.zeros(50, 3), condition.join(None, None, codes))
    errors = torch.tensor([0.01, 0.16])
    expected = 3 * (errors / 2 + 0.5 * math.log(2 * math.pi) - math.log(2)).sum().item()
    assert game.terms["information"].costs["generator"](turn).item() == pytest.approx(expected, rel=1e-5)
    game.cost("generator", turn)
    for name, error in zip(("c1", "c2"), errors, strict=True):
        bound = math.log(2) - 0.5 * math.log(2 * math.pi * math.e * float(error))
        assert float(game.report()[f"information/{name}"]) == pytest.approx(bound, rel=1e-5)


def test_a_conditional_discriminator_gets_the_conditions_in_penalties_too(game_of, round_of):
    condition = Condition(labels=2)
    game = game_of(condition=condition, discriminator_condition="concat")
    c = condition.join(torch.arange(16) % 2, None, torch.empty(16, 0))
    turn = round_of(game, c=c)
    assert torch.equal(turn.score(turn.x), game.networks["discriminator"](turn.x, c).logits)
    swapped = round_of(game, c=c.flip(1))
    assert not torch.allclose(turn.scores("real"), swapped.scores("real"))
