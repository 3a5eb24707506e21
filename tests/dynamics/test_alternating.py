"""Several leaders, and games of three players: who moves when, on which minibatches, and where a step leads."""

import itertools
import typing

import pytest
import torch
from torch import nn

from gansmith.dynamics import Alternating, Consensus, Extragradient, Optimistic, Simultaneous, Unrolled
from gansmith.dynamics.optimistic import PAST, _extrapolated
from gansmith.dynamics.spectrum import update_matrix
from gansmith.games import GAN, Player
from gansmith.games.game import descend
from gansmith.terms import R1, Adversarial, GradientPenalty, Reconstruction
from gansmith.terms.losses import Wasserstein

PLAYERS = ("discriminator", "second", "generator")


def two_critics(*more):
    torch.manual_seed(0)
    networks = {
        "generator": nn.Linear(2, 2).double(),
        "discriminator": nn.Sequential(nn.Linear(2, 2), nn.Softplus(), nn.Linear(2, 1)).double(),
        "second": nn.Linear(2, 1).double(),
    }
    rates = dict(zip(PLAYERS, (0.2, 0.05, 0.1), strict=True))
    players = {name: Player(torch.optim.SGD(networks[name].parameters(), lr=lr)) for name, lr in rates.items()}
    return GAN(networks, players, [Adversarial(), Adversarial(Wasserstein(), against="second"), *more])


def with_encoder():
    torch.manual_seed(0)
    networks = {name: nn.Linear(2, n).double() for name, n in (("generator", 2), ("discriminator", 1), ("encoder", 2))}
    rates = {"discriminator": 0.2, "generator": 0.1, "encoder": 0.05}
    players = {name: Player(torch.optim.SGD(networks[name].parameters(), lr=lr)) for name, lr in rates.items()}
    return GAN(networks, players, [Adversarial(), Reconstruction(0.5)])


def rounds(game):
    rng = torch.Generator().manual_seed(1)
    while True:
        yield game.round(*(torch.randn(6, 2, dtype=torch.float64, generator=rng) for _ in range(2)), rng=rng)


class Watched:
    """A game that writes down who was asked for a cost, on which minibatch and after how many moves of each."""

    def __init__(self, game):
        self.game, self.players, self.seen, self.known = game, game.players, [], []

    def cost(self, player, batch):
        if not any(batch is other for other in self.known):
            self.known.append(batch)
        number = next(i for i, other in enumerate(self.known) if other is batch)
        self.seen.append((player, number, tuple(p.moves for p in self.players.values())))
        return self.game.cost(player, batch)


@pytest.mark.parametrize("reuse", [True, False])
@pytest.mark.parametrize("k", [1, 3])
def test_each_of_two_critics_takes_k_steps_on_the_same_minibatches(k, reuse):
    game = two_critics()
    watched = Watched(game)
    costs = Alternating(k, reuse, leaders=2).step(watched, rounds(game))
    assert {name: player.moves for name, player in game.players.items()} == {
        "discriminator": k,
        "second": k,
        "generator": 1,
    }
    critics = [(name, i, (i + j, i, 0)) for i in range(k) for j, name in enumerate(PLAYERS[:2])]
    assert watched.seen == [*critics, ("generator", k - 1 if reuse else k, (k, k, 0))]
    assert set(costs) == set(PLAYERS) and not any(cost.requires_grad for cost in costs.values())


@pytest.mark.parametrize("reuse", [True, False])
def test_two_leaders_play_as_a_plain_loop_bit_for_bit(reuse):
    game, plain = two_critics(GradientPenalty(0.5)), two_critics(GradientPenalty(0.5))
    batches, same = rounds(game), rounds(plain)
    for _ in range(3):
        Alternating(2, reuse, leaders=2).step(game, batches)
        for _ in range(2):
            batch = next(same)
            for critic in PLAYERS[:2]:
                descend(plain, critic, batch.again())
        descend(plain, "generator", batch.again() if reuse else next(same).again())
    ends = [[p.detach() for player in g.players.values() for p in player.parameters] for g in (game, plain)]
    assert all(torch.equal(a, b) for a, b in zip(*ends, strict=True))


def test_one_leader_leaves_the_second_critic_to_answer():
    game = two_critics()
    watched = Watched(game)
    Alternating(2).step(watched, rounds(game))
    assert [player for player, _, _ in watched.seen] == ["discriminator", "discriminator", "second", "generator"]


def parameters(game):
    return [p for player in game.players.values() for p in player.parameters]


def after_a_step(dynamics, game, batch, state):
    """Let the real dynamics take one step from a state: all parameters, and the past where there is one."""
    own = parameters(game)
    here, *past = state.split(sum(p.numel() for p in own))
    nn.utils.vector_to_parameters(here, own)
    for vector in past:
        pieces = iter(vector.split([p.numel() for p in own]))
        for player in game.players.values():
            player.memory[PAST] = [next(pieces).view_as(p) for p in player.parameters]
    dynamics.step(game, itertools.repeat(batch.again()))  # anew: nobody moved here by a move
    ends = [own, *([g for player in game.players.values() for g in player.memory[PAST]] for _ in past)]
    return torch.cat([nn.utils.parameters_to_vector(end).detach().clone() for end in ends])


EVERY = {
    "alternating, two leaders": Alternating(leaders=2),
    "alternating 1:3, two leaders": Alternating(3, leaders=2),
    "alternating 1:2": Alternating(2),
    "simultaneous": Simultaneous(),
    "extragradient": Extragradient(),
    "optimistic": Optimistic(),
    "unrolled": Unrolled(2, 0.3),
    "consensus": Consensus(0.3, Simultaneous()),
    "consensus, two leaders": Consensus(0.3, Alternating(2, leaders=2)),
}


@pytest.mark.parametrize("make", [two_critics, with_encoder, lambda: two_critics(R1(0.3), GradientPenalty(0.5))])
@pytest.mark.parametrize("name", EVERY)
def test_three_players_step_as_their_update_matrix(name, make):
    """Central differences of the real step in every direction, against the derivative of `after`."""
    game, dynamics, h = make(), EVERY[name], 1e-5
    batch = next(rounds(game))
    found = update_matrix(dynamics, game, batch)
    here = nn.utils.parameters_to_vector(parameters(game)).detach().clone()
    state = torch.cat([here, torch.sin(here)]) if getattr(dynamics, "with_past", False) else here
    columns = []
    for direction in h * torch.eye(len(state), dtype=torch.float64):
        ahead, behind = (after_a_step(dynamics, game, batch, state + sign * direction) for sign in (1, -1))
        columns.append((ahead - behind) / (2 * h))
    torch.testing.assert_close(found, torch.stack(columns, dim=1), rtol=1e-6, atol=1e-8)
    assert (found - torch.eye(len(state), dtype=torch.float64)).abs().max() > 0.01


def test_a_weight_that_nothing_asked_for_has_no_past_and_no_hope():
    """One that is not in every cost moves by its gradient alone, and where there is none, not at all."""
    a, b = torch.tensor([1.0, 2.0]), torch.tensor([0.5, -1.0])
    found = _extrapolated([a, None, a, None], [b, b, None, None])
    assert torch.equal(found[0], 2 * a - b) and found[1] is None and torch.equal(found[2], a) and found[3] is None
    (w, u) = (nn.Parameter(torch.ones(2)) for _ in range(2))
    player = Player(torch.optim.SGD([w, u], lr=0.1))

    class Sometimes:
        players: typing.ClassVar = {"one": player}

        def cost(self, name, batch):
            return (w * batch).sum() + (u.sum() if batch > 1 else 0)

    steps = iter([1.0, 2.0, 1.0])
    ends = []
    for _ in range(3):
        Optimistic().step(Sometimes(), steps)
        ends.append((float(w[0].detach()), float(u[0].detach())))
    assert ends[0] == pytest.approx((0.9, 1.0)) and ends[1] == pytest.approx((0.9 - 0.1 * (4 - 1), 0.9))
    assert ends[2] == pytest.approx((0.6 - 0.1 * (2 - 2), 0.9))
