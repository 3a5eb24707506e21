"""A GAN's costs are everybody's, its state is complete, and it shares nothing with another of its recipe."""

import copy
import itertools
from dataclasses import dataclass

import pytest
import torch
from torch import nn

from gansmith.dynamics import DYNAMICS, Alternating, Consensus, Extragradient, Lookahead, Optimistic, Simultaneous
from gansmith.errors import GansmithError
from gansmith.games import GAN
from gansmith.games.game import descend, field
from gansmith.games.optimizers import SGD, Adam
from gansmith.generators import Prior
from gansmith.networks import MLP
from gansmith.recipes.composition import Recipe, change
from gansmith.settings import name_of
from gansmith.terms import (
    LOSSES,
    R1,
    R2,
    Adversarial,
    GradientPenalty,
    PullAway,
    Reconstruction,
    Replay,
    Variance,
)
from gansmith.terms.penalties import LeCam
from gansmith.training.assemble import build_game

CPU = torch.device("cpu")
USUAL = (Adversarial(),)
ALL = (*USUAL, R1(1.0), R2(1.0), Variance(0.1))
SMALL = MLP(hidden=8, generator_layers=1, discriminator_layers=1, discriminator_activation="tanh")


def pair(seed=0):
    torch.manual_seed(seed)
    generator = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 2))
    discriminator = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
    return generator.double(), discriminator.double()


def make(terms=USUAL, seed=0, **changes) -> GAN:
    return build_game(change(Recipe(terms=terms), {"optimizer": "SGD", **changes}), (2,), CPU, networks=pair(seed))


def rounds(game, n=4, seed=1, dtype=torch.float64):
    rng = torch.Generator().manual_seed(seed)
    while True:
        x, z = (torch.randn(n, numbers, dtype=dtype, generator=rng) for numbers in (2, 3))
        yield game.round(x, z, rng=torch.Generator().manual_seed(seed))


def weights(game):
    return [p.detach().clone() for player in game.players.values() for p in player.parameters]


@pytest.mark.parametrize("name", LOSSES.ours)
@pytest.mark.parametrize("penalties", [{}, {"r1": 0.7, "r2": 0.3}, {"gradient_penalty": 10.0}, {"dragan": 5.0}])
def test_field_is_the_gradient_of_each_cost_alone(name, penalties):
    """What sharing computes equals torch.autograd on costs that share nothing."""
    game = make((Adversarial(LOSSES.ours[name]()),), **penalties)
    batch = next(rounds(game))
    v, costs = field(game, batch)
    for player in game.players:
        alone = game.round(batch.x, batch.z, rng=torch.Generator().manual_seed(1))
        cost = game.cost(player, alone)
        expected = torch.autograd.grad(cost, game.players[player].parameters, allow_unused=True)
        assert torch.equal(cost.detach(), costs[player])
        for found, wanted in zip(v[player], expected, strict=True):
            assert (found is None) == (wanted is None)
            if wanted is not None:
                torch.testing.assert_close(found, wanted)


@pytest.mark.parametrize(
    "dynamics",
    [
        *(Alternating(2), Alternating(2, reuse=False), Simultaneous(), Extragradient(), Optimistic()),
        *(Consensus(0.1, Alternating(1)), Consensus(0.1, Alternating(1, reuse=False))),
    ],
)
def test_every_dynamics_moves_both_networks(dynamics):
    game = make(ALL, lr_generator=0.1, lr_discriminator=0.1)
    before = weights(game)
    costs = dynamics.step(game, rounds(game))
    assert all(not torch.equal(a, b) for a, b in zip(before, weights(game), strict=True))
    assert set(costs) == {"discriminator", "generator"}
    assert not any(cost.requires_grad for cost in costs.values())


def test_terms_of_weight_zero_are_not_there():
    assert [name_of(term) for term in Recipe().terms] == ["adversarial"]
    recipe = change(Recipe(), {"variance": 0.1, "r1": 1.0, "r2": 1.0})
    assert recipe.terms == ALL
    assert list(make(recipe.terms).costs["discriminator"]) == ["adversarial", "r1", "r2", "variance"]
    assert [name_of(term) for term in change(recipe, {"r1": 0.0, "variance": 0.0}).terms] == ["adversarial", "r2"]


def test_clipping_holds_after_every_move():
    game = make((Adversarial(LOSSES.ours["wasserstein"]()),), clip=0.01, lr_discriminator=1.0)
    for _ in range(3):
        descend(game, "discriminator", next(rounds(game)))
        reached = max(float(p.detach().abs().max()) for p in game.players["discriminator"].parameters)
        assert reached == pytest.approx(0.01, abs=1e-12)


@pytest.mark.parametrize("dynamics", [Simultaneous(), Optimistic()])
def test_state_goes_round(dynamics):
    game, other = make(ALL, optimizer="Adam"), make(ALL, seed=5, optimizer="Adam")
    source = rounds(game)
    for _ in range(3):
        dynamics.step(game, source)
    other.load_state_dict(copy.deepcopy(game.state_dict()))
    for a, b in zip(weights(game), weights(other), strict=True):
        assert torch.equal(a, b)
    batch = next(source)
    for g in (game, other):
        dynamics.step(g, itertools.repeat(g.round(batch.x, batch.z)))
    for a, b in zip(weights(game), weights(other), strict=True):
        assert torch.equal(a, b)


def test_bf16_moves_costs_a_little_and_gradients_stay_in_the_parameters_precision():
    def costs(precision):
        recipe = change(Recipe(), {"network": "mlp", "precision": precision, "hidden": 64})
        game = build_game(recipe, (2,), CPU)
        torch.manual_seed(0)
        batch = game.round(torch.randn(64, 2), torch.randn(64, 100))
        cost = game.cost("discriminator", batch)
        player = game.players["discriminator"]
        by_hand = game.terms["adversarial"].loss.discriminator(
            *(game.networks["discriminator"](x).logits for x in (batch.x, game.networks["generator"](batch.z)))
        )
        return cost.item(), player.gradients(cost), by_hand.item()

    (exact, v, by_hand), (rough, w, _) = costs("fp32"), costs("bf16")
    assert exact == pytest.approx(by_hand, rel=1e-6)  # the exact one is the one that was asked for
    assert rough == pytest.approx(exact, rel=0.01) and rough != exact
    assert all(g.dtype == torch.float32 for g in w)
    apart = torch.cat([(a - b).flatten() for a, b in zip(v, w, strict=True)]).norm()
    assert 0.0005 < apart / torch.cat([a.flatten() for a in v]).norm() < 0.1


@dataclass(frozen=True)
class Pulling:
    """A user's own term: λ times the mean square of the fakes, for whoever is to pay it."""

    weight: float = 1.0
    payer: str = "generator"

    @property
    def costs(self):
        return {self.payer: self.cost}

    def cost(self, batch):
        return self.weight * batch.fake.square().mean()


def test_a_cost_for_somebody_who_is_no_player_is_an_error_that_names_term_and_player():
    with pytest.raises(GansmithError, match="pulling has a cost for the critic, who is no player: discriminator, gen"):
        make((Adversarial(), Pulling(payer="critic")))
    with pytest.raises(GansmithError, match="second is moved by the second, who is no player"):
        build_game(Recipe(vectors=SMALL, terms=(Adversarial(), Adversarial(against="second"))), (2,), CPU)


def test_a_player_without_a_cost_is_an_error():
    game = make()
    for terms, player in (([R1()], "generator"), ([PullAway()], "discriminator")):
        with pytest.raises(GansmithError, match=f"no term gives the {player} a cost"):
            GAN(game.networks, game.players, terms)
    players = {**game.players, "encoder": copy.deepcopy(game.players["generator"])}
    with pytest.raises(GansmithError, match="no term gives the encoder a cost"):
        GAN(game.networks, players, [Adversarial()])


def test_a_player_whose_only_terms_have_no_share_in_a_step_is_told():
    generator, discriminator = pair()
    game = build_game(
        Recipe(vectors=SMALL, terms=(R1(every=2), Pulling())), (2,), CPU, networks=(generator, discriminator)
    )
    batches = rounds(game)
    assert game.cost("discriminator", next(batches)).item() >= 0
    game.players["discriminator"].moves = 1
    with pytest.raises(GansmithError, match="the discriminator has no cost in this step"):
        game.cost("discriminator", next(batches))


@dataclass(frozen=True)
class Other:
    """Another term of the same name, with a cost for another player."""

    name: str = "r1"

    @property
    def costs(self):
        return {"generator": lambda batch: batch.fake.square().mean()}


@pytest.mark.parametrize("second", [R1(2.0), Other()])
def test_two_terms_of_one_name_are_an_error(second):
    with pytest.raises(GansmithError, match="two terms are called r1"):
        make((Adversarial(), R1(1.0), second))


def test_a_users_own_term_is_a_summand_like_any_other():
    game, plain = make((Adversarial(), Pulling(3.0))), make()
    batch = next(rounds(game))
    expected = plain.cost("generator", plain.round(batch.x, batch.z)) + 3 * batch.fake.square().mean()
    torch.testing.assert_close(game.cost("generator", batch), expected)
    told = game.report()
    torch.testing.assert_close(told["generator/pulling"], 3 * batch.fake.square().mean().detach())
    torch.testing.assert_close(told["generator/adversarial"] + told["generator/pulling"], expected.detach())


def state(game):
    """Return every number that a game consists of, by name."""
    found = {}

    def walk(path, part):
        if isinstance(part, dict):
            for key, child in part.items():
                walk((*path, key), child)
        elif isinstance(part, list | tuple):
            for i, child in enumerate(part):
                walk((*path, i), child)
        else:
            found[path] = part.clone() if isinstance(part, torch.Tensor) else part

    walk((), game.state_dict())
    return found


def equal(a, b):
    return torch.equal(a, b) if isinstance(a, torch.Tensor) else a == b


def of_many_parts(dynamics):
    return Recipe(
        vectors=SMALL,
        prior=Prior(latent=3),
        terms=(
            Adversarial(label_noise=0.2),
            GradientPenalty(0.1, every=2),
            LeCam(0.1),
            Replay(1.0, size=12),
            Reconstruction(),
        ),
        dynamics=dynamics,
        players={"discriminator": Adam(1e-2), "generator": SGD(0.05, momentum=0.5), "encoder": Adam(1e-2)},
    )


@pytest.mark.parametrize("name", DYNAMICS.ours)
def test_two_games_of_one_recipe_do_not_disturb_each_other(name):
    """A alone is A beside B, bit for bit, with every memory that there is."""
    own = {"consensus": Consensus(0.1, Optimistic()), "alternating": Alternating(2, leaders=2)}
    own["lookahead"] = Lookahead(2, inner=Alternating(2))
    dynamics = own.get(name) or DYNAMICS.ours[name]()
    recipe = of_many_parts(dynamics)
    alone, a, b = (build_game(recipe, (2,), CPU) for _ in range(3))
    batches = {game: rounds(game, 5, seed, torch.float32) for game, seed in ((alone, 1), (a, 1), (b, 2))}
    for _ in range(4):
        recipe.dynamics.step(alone, batches[alone])
    for _ in range(4):
        for game in (a, b):
            recipe.dynamics.step(game, batches[game])
    expected, found, other = state(alone), state(a), state(b)
    assert expected.keys() == found.keys() and len(expected) > 40  # networks, moments, memories, moves
    assert all(equal(value, found[path]) for path, value in expected.items())
    assert not all(equal(value, other[path]) for path, value in expected.items())
    assert all(value.isfinite().all() for value in expected.values() if isinstance(value, torch.Tensor))
    told = alone.report(), a.report()
    assert told[0].keys() == told[1].keys() and all(torch.equal(told[0][key], told[1][key]) for key in told[0])
    memory = a.networks["replay"]
    assert int(memory.count) == 12
    remembers = {player: set(p.memory) for player, p in a.players.items()}
    assert all(bool(past) == (name in ("optimistic", "consensus", "lookahead")) for past in remembers.values())
