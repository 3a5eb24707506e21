"""Terms that steer, each by an identity."""

import math

import pytest
import torch
from torch import nn

from gansmith.conditions import Condition
from gansmith.config import Networks
from gansmith.errors import GansmithError
from gansmith.games import GAN, Player
from gansmith.games.game import descend, learning
from gansmith.games.steering import Checking, FeatureMatching, Information, Replay
from gansmith.games.terms import Adversarial
from gansmith.games.views import DiffAugment, InstanceNoise
from gansmith.networks import Judgement, build_discriminator, build_generator, build_heads
from gansmith.networks.packed import Packed
from gansmith.objectives.losses import loss

NET = Networks(network="mlp", hidden=8, latent=3, generator_layers=1, discriminator_layers=1)
ADVERSARIAL = Adversarial(loss("nonsaturating", 1.0))


def game_of(terms, asked=Condition(), views=(), lr=0.1, **networks):  # noqa: B008 - conditions do not change
    torch.manual_seed(0)
    n = Networks(**{**NET.__dict__, **networks})
    generator = build_generator(n, (2,), asked)
    discriminator = build_discriminator(n, (2,), asked)
    heads = build_heads(n, (2,), asked, discriminator)
    d_side = [discriminator, *(heads[k] for k in ("checker",) if k in heads)]
    g_side = [generator, *(heads[k] for k in ("decoder",) if k in heads)]
    players = {
        name: Player(torch.optim.SGD([p for m in side for p in m.parameters()], lr=lr))
        for name, side in (("discriminator", d_side), ("generator", g_side))
    }
    told = n.discriminator_condition != "none"
    return GAN(generator, discriminator, terms, players, heads, asked, told, views)


def round_of(game, n=16, c=None, seed=0):
    rng = torch.Generator().manual_seed(seed)
    return game.round(torch.randn(n, 2, generator=rng), torch.randn(n, 3, generator=rng), c, rng)


def slopes(game, player, turn):
    with learning(game, player):
        return game.players[player].gradients(game.cost(player, turn))


def test_features_of_equal_batches_match_and_pull_nowhere():
    game = game_of([ADVERSARIAL, FeatureMatching(2.0, covariance=1.0)])
    z = torch.randn(12, 3)
    twin = game.round(game.generator(z).detach(), z)
    term = game.terms[1]
    assert term.generator(twin).item() == pytest.approx(0, abs=1e-12) and term.discriminator(twin) is None
    pull = torch.autograd.grad(term.generator(twin), list(game.generator.parameters()))
    assert all(float(g.abs().max()) < 1e-6 for g in pull)
    other = round_of(game)
    features = [j.features.detach() for j in (other.real_judgement, other.fake_judgement)]
    gap = (features[0].mean(0) - features[1].mean(0)).square().sum()
    assert FeatureMatching(2.0).generator(other).item() == pytest.approx(2 * gap.item(), rel=1e-5)


def test_feature_matching_can_stand_alone():
    alone = game_of([Adversarial(loss("nonsaturating", 1.0), generator_scale=0.0), FeatureMatching(1.0)])
    turn = round_of(alone)
    assert alone.cost("generator", turn).item() == alone.terms[1].generator(turn).item()
    with pytest.raises(GansmithError, match="feature_matching needs a discriminator that returns Judgement"):
        plain = GAN(alone.generator, nn.Linear(2, 1), alone.terms, alone.players)
        plain.cost("generator", round_of(plain))


def test_checking_is_the_cross_entropy_of_what_was_asked_for():
    condition = Condition(labels=3, attributes=("old",))
    term = Checking(real=1.5, fake=0.5, to_generator=2.0)
    game = game_of([ADVERSARIAL, term], condition, condition="labels", auxiliary="head")
    labels, old = torch.arange(12) % 3, (torch.arange(12) % 2).float().unsqueeze(1)
    turn = round_of(game, 12, condition.join(labels, old, torch.empty(12, 0)))
    entropies = {}
    for which, x in (("real", turn.x), ("fake", turn.fake)):
        read = game.heads["checker"](x, game.discriminator(x).features).detach()
        binary = nn.functional.binary_cross_entropy_with_logits(read[:, 3:], old)
        entropies[which] = nn.functional.cross_entropy(read[:, :3], labels) + binary
    assert term.discriminator(turn).item() == pytest.approx(float(1.5 * entropies["real"] + 0.5 * entropies["fake"]))
    assert term.generator(turn).item() == pytest.approx(float(2 * entropies["fake"]))
    told = game.report()
    assert 0 <= told["checked/real labels"] <= 1 and "checked/fake attributes" in told


def test_the_checker_moves_with_the_discriminator_and_the_decoder_with_the_generator():
    condition = Condition(labels=3, categorical=(4,))
    game = game_of(
        [ADVERSARIAL, Checking(), Information()],
        condition,
        condition="labels",
        auxiliary="network",
        categorical_codes=1,
    )
    modules = {"generator": game.generator, "discriminator": game.discriminator, **game.heads}
    for player, moved in (("discriminator", {"discriminator", "checker"}), ("generator", {"generator", "decoder"})):
        before = {name: [p.clone() for p in m.parameters()] for name, m in modules.items()}
        c = condition.join(torch.arange(16) % 3, None, condition.draw_codes(16, torch.Generator().manual_seed(0)))
        descend(game, player, round_of(game, c=c))
        changed = {
            name for name, m in modules.items()
            if any(not torch.equal(a, b) for a, b in zip(before[name], m.parameters(), strict=True))
        }  # fmt: skip
        assert changed == moved


class Telling(nn.Module):
    """Passes the first two coordinates on as features, so that what the decoder can know is known."""

    feature_count = 2

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(()))

    def forward(self, x):
        return Judgement(x[:, 0] * self.weight, x)


def test_the_bound_of_a_decoder_that_reads_a_noisy_channel_is_its_information():
    """Codes 0 and 1, flipped with probability ¼ on their way: I = log 2 − H(¼)."""
    condition, flip = Condition(categorical=(2,)), 0.25
    game = game_of([ADVERSARIAL, Information(3.0)], condition, categorical_codes=1, categories=2)
    game.discriminator = Telling()
    decoder = game.heads["decoder"]
    truth = math.log((1 - flip) / flip)

    class Posterior(nn.Module):
        def forward(self, features):
            return torch.stack([-features[:, 0], features[:, 0]], dim=1) * truth / 2

    decoder.body = Posterior()
    codes = torch.arange(400) % 2
    sent = torch.where(torch.arange(400) % 8 < 2, 1 - codes, codes).float() * 2 - 1  # a quarter of each code flipped
    game.generator = _Sends(torch.stack([sent, sent], dim=1))
    turn = game.round(
        torch.zeros(400, 2), torch.zeros(400, 3), condition.join(None, None, nn.functional.one_hot(codes).float())
    )
    information = math.log(2) + (1 - flip) * math.log(1 - flip) + flip * math.log(flip)
    assert game.terms[1].generator(turn).item() == pytest.approx(-3 * information, rel=1e-5)
    assert float(game.report()["information/c1"]) == pytest.approx(information, rel=1e-5)


def test_a_continuous_code_costs_its_squared_error_and_the_journal_has_its_best_bound():
    """Q = N(mean, 1) in the cost, λ (½ E(c − mean)² + ½ log 2π − log 2); told is log 2 − ½ log(2πe E(c − mean)²)."""
    condition = Condition(continuous=2)
    game = game_of([ADVERSARIAL, Information(5.0, 3.0)], condition, continuous_codes=2)
    game.discriminator = Telling()
    game.heads["decoder"].body = nn.Identity()  # the means are the features
    codes = torch.linspace(-1, 1, 50)[:, None] * torch.tensor([1.0, -1.0])
    off = torch.tensor([[0.1, -0.4], [-0.1, 0.4]]).repeat(25, 1)
    game.generator = _Sends(codes + off)
    turn = game.round(torch.zeros(50, 2), torch.zeros(50, 3), condition.join(None, None, codes))
    errors = torch.tensor([0.01, 0.16])
    expected = 3 * (errors / 2 + 0.5 * math.log(2 * math.pi) - math.log(2)).sum().item()
    assert game.terms[1].generator(turn).item() == pytest.approx(expected, rel=1e-5)
    for name, error in zip(("c1", "c2"), errors, strict=True):
        bound = math.log(2) - 0.5 * math.log(2 * math.pi * math.e * float(error))
        assert float(game.report()[f"information/{name}"]) == pytest.approx(bound, rel=1e-5)


class _Sends(nn.Module):
    def __init__(self, x):
        super().__init__()
        self.x = nn.Parameter(x)

    def forward(self, z, c):
        return self.x


def test_replay_adds_the_cost_of_old_fakes_and_remembers_them():
    fight = loss("nonsaturating", 1.0)
    term = Replay(fight, 2.0, size=20)
    game = game_of([ADVERSARIAL, term])
    first = round_of(game, 8, seed=1)
    assert term.discriminator(first) is None  # nothing is old yet
    assert torch.equal(term.state_dict()["kept"][:8], first.fake.detach())
    game.players["discriminator"].moves += 1
    second = round_of(game, 8, seed=2)
    dice = second.uniform("replay", (8,))
    old = first.fake.detach()[(dice * 8).long()]
    expected = 2 * fight.discriminator(second.real_score, game.discriminator(old).score)
    assert term.discriminator(second).item() == pytest.approx(expected.item())
    assert term.discriminator(second) is not None and term.state_dict()["count"] == 16  # asked twice, remembered once
    for seed in (3, 4):
        game.players["discriminator"].moves += 1
        newest = round_of(game, 8, seed=seed)
        term.discriminator(newest)
    kept = term.state_dict()["kept"]
    assert term.state_dict()["count"] == 20 and term.generator(newest) is None
    fakes = {tuple(row) for row in newest.fake.detach().tolist()}
    assert fakes <= {tuple(row) for row in kept.tolist()}
    assert not {tuple(row) for row in first.fake.detach().tolist()} <= {tuple(row) for row in kept.tolist()}
    again = Replay(fight, 2.0, size=20)
    again.load_state_dict(term.state_dict())
    assert torch.equal(again._recall(newest), term._recall(newest))


def test_instance_noise_fades_with_the_discriminators_moves():
    """Real and fake are seen through noise of their own, which is the same each time they are looked at."""
    seen = []

    class Watching(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.ones(()))

        def forward(self, x):
            seen.append(x.detach())
            return x[:, 0] * self.weight

    game = game_of([ADVERSARIAL], views=[InstanceNoise(0.5, moves=10)])
    game.discriminator = Watching()
    game.players = {**game.players, "discriminator": Player(torch.optim.SGD(game.discriminator.parameters(), lr=0.0))}
    spreads = {}
    for moves in (0, 5, 10, 15):
        game.players["discriminator"].moves = moves
        turn = round_of(game, 4000)
        seen.clear()
        _ = turn.real_score, turn.fake_score
        noise = [seen[0] - turn.x.detach(), seen[1] - turn.fake.detach()]
        spreads[moves] = float(noise[0].std())
        assert moves >= 10 or abs(float((noise[0] * noise[1]).mean())) < 0.02
        _ = turn.again().real_score
        assert torch.equal(seen[-1], seen[0])
    assert spreads == pytest.approx({0: 0.5, 5: 0.25, 10: 0.0, 15: 0.0}, abs=0.02)


def test_augmented_samples_are_seen_and_generators_learn_through_it():
    torch.manual_seed(0)
    n = Networks(network="dcgan", width=4, latent=3)
    pair = build_generator(n, (1, 8, 8)), build_discriminator(n, (1, 8, 8))
    players = {
        name: Player(torch.optim.SGD(net.parameters(), lr=0.1))
        for name, net in (("discriminator", pair[1]), ("generator", pair[0]))
    }
    costs = []
    for views in ([], [DiffAugment("color,translation,cutout")]):
        game = GAN(*pair, [ADVERSARIAL], players, views=views)
        turn = game.round(torch.rand(6, 1, 8, 8), torch.randn(6, 3, generator=torch.Generator().manual_seed(1)))
        costs.append(game.cost("generator", turn).item())
        assert all(float(g.abs().sum()) > 0 for g in slopes(game, "generator", turn) if g is not None)
    assert costs[0] != costs[1]


def test_a_told_discriminator_is_told_what_holds_in_penalties_too():
    condition = Condition(labels=2)
    game = game_of([ADVERSARIAL], condition, condition="labels", discriminator_condition="concat")
    c = condition.join(torch.arange(16) % 2, None, torch.empty(16, 0))
    turn = round_of(game, c=c)
    assert torch.equal(turn.score(turn.x), game.discriminator(turn.x, c).score)
    swapped = round_of(game, c=c.flip(1))
    assert not torch.allclose(turn.real_score, swapped.real_score)


def test_packs_of_one_are_the_plain_game_bit_for_bit():
    ends = []
    for pack in (False, True):
        game = game_of([ADVERSARIAL])
        if pack:
            game.discriminator = Packed(game.discriminator, 1)
        for seed in range(4):
            for player in game.players:
                descend(game, player, round_of(game, seed=seed))
        ends.append([p.clone() for player in game.players.values() for p in player.parameters])
    assert all(torch.equal(a, b) for a, b in zip(*ends, strict=True))


def test_packs_of_two_cost_what_pairs_cost():
    game = game_of([ADVERSARIAL], pack=2)
    turn = round_of(game, 8)
    assert turn.real_score.shape == turn.fake_score.shape == (4,)
    real, fake = (game.discriminator.discriminator(x.reshape(4, 4)).score for x in (turn.x, turn.fake))
    expected = ADVERSARIAL.loss.discriminator(real, fake)
    assert game.cost("discriminator", turn).item() == pytest.approx(expected.item())
    noisy = GAN(game.generator, game.discriminator, [Adversarial(loss("nonsaturating", 1.0), noise=0.3)], game.players)
    assert torch.isfinite(noisy.cost("discriminator", round_of(noisy, 8)))
