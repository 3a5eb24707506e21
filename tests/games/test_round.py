"""Rounds share forward passes, forget them when a player moves, and hand the right graph to each player."""

import pytest
import torch
from torch import nn

from gansmith.dynamics import Alternating, Simultaneous
from gansmith.errors import GansmithError
from gansmith.games import GAN, Player
from gansmith.games.game import descend, field, restore, snapshot
from gansmith.recipes.composition import Recipe, change
from gansmith.terms import R1, R2, Adversarial, Variance
from gansmith.training.assemble import build_game

CPU = torch.device("cpu")
USUAL = (Adversarial(),)
ALL = (*USUAL, R1(1.0), R2(1.0), Variance(0.1))


class Counting(nn.Module):
    """Counts its forward passes."""

    def __init__(self, module):
        super().__init__()
        self.module, self.calls = module, 0

    def forward(self, x):
        self.calls += 1
        return self.module(x)


def pair(seed=0):
    torch.manual_seed(seed)
    generator = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 2))
    discriminator = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
    return Counting(generator).double(), Counting(discriminator).double()


def make(terms=USUAL, seed=0, **changes) -> GAN:
    return build_game(change(Recipe(terms=terms), {"optimizer": "SGD", **changes}), (2,), CPU, networks=pair(seed))


def calls(game):
    return game.networks["generator"].calls, game.networks["discriminator"].calls


def rounds(game, n=4, seed=1):
    rng = torch.Generator().manual_seed(seed)
    while True:
        x, z = (
            torch.randn(n, 2, dtype=torch.float64, generator=rng),
            torch.randn(n, 3, dtype=torch.float64, generator=rng),
        )
        yield game.round(x, z, rng=torch.Generator().manual_seed(seed))


def weights(game):
    return [p.detach().clone() for player in game.players.values() for p in player.parameters]


def test_terms_never_repeat_a_forward_pass():
    game = make(ALL)
    game.cost("discriminator", next(rounds(game)))
    assert calls(game) == (1, 2)  # G(z); D(x) and D(G(z))
    game.cost("generator", next(rounds(game)))
    assert calls(game) == (2, 3)


def test_simultaneous_players_share_everything():
    game = make(ALL)
    field(game, next(rounds(game)))
    assert calls(game) == (1, 2)


def test_reuse_makes_fakes_once_and_judges_them_anew():
    game = make()
    Alternating(1, reuse=True).step(game, rounds(game))
    assert calls(game) == (1, 3)
    fresh = make()
    Alternating(1, reuse=False).step(fresh, rounds(fresh))
    assert calls(fresh) == (2, 3)


def test_nothing_stale_is_used_after_a_move():
    """With a shared round, the generator's step is the one a plain loop takes against the moved discriminator."""
    game, plain = make(ALL), make(ALL)
    batch = next(rounds(game))
    Alternating(1, reuse=True).step(game, iter([batch]))
    for player in ("discriminator", "generator"):
        descend(plain, player, plain.round(batch.x, batch.z))  # a new round each time: nothing can be shared
    for a, b in zip(weights(game), weights(plain), strict=True):
        assert torch.equal(a, b)


def test_alone_builds_no_graph_for_the_other_player():
    game = make(ALL)
    batch = next(rounds(game))
    descend(game, "discriminator", batch)
    assert batch.fake.grad_fn is not None  # asked for now, in a turn in which the generator could learn
    assert calls(game)[0] == 2
    assert all(p.grad is None for player in game.players.values() for p in player.parameters)


def test_randomness_is_drawn_once_per_round():
    batch = next(rounds(make()))
    first = batch.uniform("epsilon", (4,))
    assert batch.uniform("epsilon", (4,)) is first
    assert not torch.equal(batch.uniform("other", (4,)), first)


def test_scores_of_the_wrong_number_are_refused():
    generator, _ = pair()
    game = build_game(Recipe(), (2,), CPU, networks=(generator, nn.Linear(2, 3).double()))
    with pytest.raises(GansmithError, match="one score per sample"):
        game.cost("discriminator", next(rounds(game)))


def asking(batch):
    """Return what asks a round for a value of each network and of both, and counts how often each was computed."""
    counts = dict.fromkeys(("generator", "discriminator", "both", "neither"), 0)

    def ask():
        def made():
            counts["generator"] += 1
            return batch.run("generator", batch.z)

        def judged():
            counts["discriminator"] += 1
            return batch.run("discriminator", batch.x)

        def both():
            counts["both"] += 1
            return batch.once("made", made).sum() + batch.once("judged", judged).sum()

        def neither():
            counts["neither"] += 1
            return batch.x.sum()

        for key, compute in (("both", both), ("made", made), ("judged", judged), ("neither", neither)):
            batch.once(key, compute)
        return tuple(counts.values())

    return ask


def test_once_computes_anew_exactly_when_a_network_that_it_ran_has_moved():
    game = make(lr_generator=0.1, lr_discriminator=0.1)
    ask, elsewhere = asking(next(rounds(game))), rounds(game, seed=2)
    assert ask() == ask() == (1, 1, 1, 1)
    descend(game, "generator", next(elsewhere))
    assert ask() == ask() == (2, 1, 2, 1)  # a value knows what the values that it read were computed with
    descend(game, "discriminator", next(elsewhere))
    assert ask() == ask() == (2, 2, 3, 1)
    here = snapshot(game)
    restore(game, here)  # whoever was put back may stand elsewhere
    assert ask() == ask() == (3, 3, 4, 1)


def test_once_computes_anew_after_it_failed_and_leaves_nothing_behind():
    game = make()
    batch = next(rounds(game))

    def failing():
        batch.run("generator", batch.z)
        raise ValueError

    def neither():
        return batch.x.sum()

    with pytest.raises(ValueError):
        batch.once("value", failing)
    assert batch.once("value", neither) is batch.once("value", neither)
    kept = batch.once("value", neither)
    descend(game, "generator", next(rounds(game)))
    assert batch.once("value", neither) is kept  # it ran no network


def test_who_moves_a_network_follows_from_its_parameters():
    """A network that two players move is computed anew after either of them; one that nobody moves never."""
    torch.manual_seed(0)
    networks = {
        "generator": nn.Linear(3, 2),
        "discriminator": nn.Linear(2, 1),
        "shared": nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2)),
        "nobody's": nn.Linear(2, 2),
    }
    own = {
        "discriminator": [*networks["discriminator"].parameters(), *networks["shared"][0].parameters()],
        "generator": [*networks["generator"].parameters(), *networks["shared"][1].parameters()],
    }
    players = {name: Player(torch.optim.SGD(parameters, lr=0.1)) for name, parameters in own.items()}
    game = GAN(networks, players, [Adversarial()])
    batch = game.round(torch.randn(4, 2), torch.randn(4, 3))

    def values():
        return {name: batch.once(name, lambda name=name: batch.run(name, batch.x)) for name in list(networks)[1:]}

    before = values()
    assert all(values()[name] is value for name, value in before.items())
    for player, stale in (("generator", {"shared"}), ("discriminator", {"shared", "discriminator"})):
        before = values()
        descend(game, player, game.round(torch.randn(4, 2), torch.randn(4, 3)))
        assert {name for name, value in values().items() if value is not before[name]} == stale


def test_a_joint_round_asks_the_discriminator_once_and_hears_the_same():
    """One pass over real and fake together instead of two; every cost and gradient is as it was."""
    changes = {"gradient_penalty": 10.0, "variance": 0.1, "label_noise": 0.2}
    apart, joint = make(**changes), make(**changes)
    joint.joint = frozenset({"discriminator"})
    for dynamics in (Alternating(2, reuse=False), Alternating(reuse=True), Simultaneous()):
        costs, others = (dynamics.step(game, rounds(game)) for game in (apart, joint))
        for name in costs:
            torch.testing.assert_close(others[name], costs[name], rtol=1e-12, atol=0)
    for a, b in zip(weights(apart), weights(joint), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-10, atol=1e-14)
    assert set(apart.report()) == set(joint.report())
    before = calls(joint)[1]
    joint.cost("discriminator", next(rounds(joint)))
    assert calls(joint)[1] - before == 2  # x and G(z) together, and the points between them
    joint.cost("generator", next(rounds(joint)))
    assert calls(joint)[1] - before == 3  # G(z) alone


@pytest.mark.parametrize(
    ("changes", "alone"),
    [
        ({"network": "mlp"}, True),
        ({"network": "dcgan", "width": 4, "discriminator_norm": "layer"}, True),
        ({"network": "dcgan", "width": 4}, False),  # batch norm
        ({"network": "mlp", "minibatch": "distances"}, False),
        ({"network": "resnet", "width": 4, "discriminator_norm": "none", "spectral_norm": True}, False),
        ({"network": "mlp", "r1": 1.0}, False),
        ({"network": "mlp", "pack": 2}, False),
    ],
)
def test_a_round_is_joint_where_every_sample_is_judged_by_itself(changes, alone):
    game = build_game(change(Recipe(), changes), (1, 16, 16), CPU)
    assert game.joint == ({"discriminator"} if alone else frozenset())
    assert not make().joint  # of a user's own networks nothing is known


def test_features_are_those_that_the_discriminator_tells_or_are_asked_for_in_one_line():
    telling = build_game(change(Recipe(terms=USUAL), {"hidden": 5, "latent": 3}), (2,), CPU)
    turn = telling.round(torch.randn(4, 2), torch.randn(4, 3))
    own = telling.networks["discriminator"](turn.x).features
    assert own.shape == (4, 5) and torch.equal(turn.features("real"), own)
    with pytest.raises(GansmithError, match=r"the discriminator must return DiscriminatorOutput\(logits, features\)"):
        next(rounds(make())).features("fake")
