"""The adversarial term's targets, packs and several discriminators; and a memory of old fakes."""

import copy

import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.games import GAN
from gansmith.games.game import descend
from gansmith.networks.packed import Packed
from gansmith.terms import Adversarial, Replay
from gansmith.terms.losses import Hinge, Minimax, NonSaturating, Wasserstein


def test_label_noise_flips_the_labels_it_says(game_of, round_of):
    batch = round_of(game_of(dtype=torch.float64), 2000)
    always, never = (Adversarial(Minimax(), label_noise=p) for p in (1.0, 0.0))
    real, fake = batch.scores("real"), batch.scores("fake")
    torch.testing.assert_close(always.discriminator(batch), Minimax().discriminator(-real, -fake))
    torch.testing.assert_close(never.discriminator(batch), Minimax().discriminator(real, fake))
    sometimes = Adversarial(Minimax(), label_noise=0.25)
    flipped = [batch.uniform(f"flip {kind}", (2000,)) < 0.25 for kind in ("real", "fake")]
    targets = torch.where(flipped[0], 0.0, 1.0), torch.where(flipped[1], 1.0, 0.0)
    torch.testing.assert_close(sometimes.discriminator(batch), Minimax().discriminator(real, fake, *targets))
    assert 0.2 < flipped[0].float().mean() < 0.3 and not torch.equal(*flipped)


@pytest.mark.parametrize("targets", [{"label_smoothing": 0.1}, {"label_noise": 0.1}, {"soft_labels": 0.1}])
def test_targets_for_a_loss_that_has_none_are_refused(targets, game_of):
    with pytest.raises(GansmithError, match="needs a loss with targets"):
        Adversarial(Hinge(), **targets).check()
    game = game_of()
    with pytest.raises(GansmithError, match="needs a loss with targets"):
        GAN(game.networks, game.players, [Adversarial(Hinge(), **targets)])
    Adversarial(Minimax(), **targets).check()


def test_soft_labels_are_drawn_from_their_intervals(game_of, round_of):
    batch = round_of(game_of(dtype=torch.float64), 2000)
    real, fake = batch.scores("real"), batch.scores("fake")
    term = Adversarial(Minimax(), soft_labels=0.3, label_smoothing=0.1)
    ones, zeros = term._targets(batch, "fake", 2000)
    torch.testing.assert_close(term.discriminator(batch), Minimax().discriminator(real, fake, ones, zeros))
    for targets, low, high in ((ones, 0.6, 0.9), (zeros, 0.0, 0.3)):
        assert low <= float(targets.min()) < low + 0.01 and high - 0.01 < float(targets.max()) <= high
        assert float(targets.mean()) == pytest.approx((low + high) / 2, abs=0.01)
    flipped = Adversarial(Minimax(), soft_labels=0.3, label_noise=1.0)._targets(batch, "fake", 2000)
    assert float(flipped[0].max()) <= 0.3 and float(flipped[1].min()) >= 0.7


def test_scales_and_smoothing_are_in_the_costs(game_of, round_of):
    term = Adversarial(Minimax(), discriminator_scale=0.5, generator_scale=3.0, label_smoothing=0.1)
    batch = round_of(game_of(term, dtype=torch.float64))
    real, fake = batch.scores("real"), batch.scores("fake")
    torch.testing.assert_close(term.discriminator(batch), 0.5 * Minimax().discriminator(real, fake, 0.9, 0.0))
    torch.testing.assert_close(term.generator(batch), 3 * Minimax().generator(real, fake))


def test_packs_of_one_are_the_plain_game_bit_for_bit(game_of, round_of):
    ends = []
    for pack in (False, True):
        plain = game_of().networks
        discriminator = Packed(plain["discriminator"], 1) if pack else plain["discriminator"]
        game = game_of(networks=(plain["generator"], discriminator))
        game.joint = frozenset()
        for seed in range(4):
            for player in game.players:
                descend(game, player, round_of(game, seed=seed))
        ends.append([p.clone() for player in game.players.values() for p in player.parameters])
    assert all(torch.equal(a, b) for a, b in zip(*ends, strict=True))


def test_packs_of_two_cost_what_pairs_cost(game_of, round_of):
    game = game_of(pack=2)
    turn = round_of(game, 8)
    assert turn.scores("real").shape == turn.scores("fake").shape == (4,)
    inner = game.networks["discriminator"].discriminator
    real, fake = (inner(x.reshape(4, 4)).logits for x in (turn.x, turn.fake))
    expected = NonSaturating().discriminator(real, fake)
    assert game.cost("discriminator", turn).item() == pytest.approx(expected.item())
    noisy = GAN(game.networks, game.players, [Adversarial(label_noise=0.3)])
    assert torch.isfinite(noisy.cost("discriminator", round_of(noisy, 8)))


def test_a_second_discriminator_is_brought_by_its_term_and_the_generator_pays_for_both(game_of, round_of):
    second = Adversarial(Wasserstein(), against="second", generator_scale=0.5)
    game = game_of(Adversarial(), second, players=("discriminator", "second", "generator"))
    assert game.networks["second"] is not game.networks["discriminator"]
    assert list(game.costs["generator"]) == ["adversarial", "adversarial_second"]
    turn = round_of(game)
    scores = {
        (by, kind): game.networks[by](x).logits
        for by in ("discriminator", "second")
        for kind, x in (("real", turn.x), ("fake", turn.fake))
    }
    first = NonSaturating().discriminator(scores["discriminator", "real"], scores["discriminator", "fake"])
    other = Wasserstein().discriminator(scores["second", "real"], scores["second", "fake"])
    own = NonSaturating().generator(*(scores["discriminator", kind] for kind in ("real", "fake")))
    own = own + 0.5 * Wasserstein().generator(*(scores["second", kind] for kind in ("real", "fake")))
    for player, expected in (("discriminator", first), ("second", other), ("generator", own)):
        torch.testing.assert_close(game.cost(player, turn), expected)
    told = game.report()
    for by, key in (("discriminator", ""), ("second", " by second")):
        for kind in ("real", "fake"):
            torch.testing.assert_close(told[f"score/{kind}{key}"], scores[by, kind].mean().detach())


def test_replay_adds_the_cost_of_old_fakes_and_remembers_them(game_of, round_of):
    fight, term = NonSaturating(), Replay(2.0, size=20)
    game, again = game_of(term), game_of(term, seed=5)
    memory = game.networks["replay"]
    assert not memory.kept.any() and not memory.count  # nothing is remembered yet
    first = round_of(game, 8, seed=1)
    assert term.discriminator(first) is None  # nothing is old yet
    assert torch.equal(memory.kept[:8], first.fake.detach())
    game.players["discriminator"].moves += 1
    second = round_of(game, 8, seed=2)
    dice = second.uniform("replay", (8,))
    old = first.fake.detach()[(dice * 8).long()]
    expected = 2 * fight.discriminator(second.scores("real"), game.networks["discriminator"](old).logits)
    assert term.discriminator(second).item() == pytest.approx(expected.item())
    assert term.discriminator(second) is not None and memory.count == 16  # asked twice, remembered once
    for seed in (3, 4):
        game.players["discriminator"].moves += 1
        newest = round_of(game, 8, seed=seed)
        term.discriminator(newest)
    assert memory.count == 20 and set(term.costs) == {"discriminator"}
    fakes, kept = ({tuple(row) for row in rows.tolist()} for rows in (newest.fake.detach(), memory.kept))
    assert fakes <= kept
    assert not {tuple(row) for row in first.fake.detach().tolist()} <= kept
    again.load_state_dict(copy.deepcopy(game.state_dict()))
    assert again.networks["replay"] is not memory
    assert torch.equal(term._recall(newest, again.networks["replay"]), term._recall(newest, memory))
    for kept in (again.networks["replay"], memory):
        assert (int(kept.next), int(kept.moves)) == (12, 3)
