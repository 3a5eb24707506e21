"""Rounds share forward passes, forget them when a player moves, and hand the right graph to each player."""

import copy
import itertools

import pytest
import torch
from torch import nn

from gansmith.config import Objective, Recipe, change
from gansmith.dynamics import Alternating, Consensus, Extragradient, Simultaneous
from gansmith.errors import GansmithError
from gansmith.games import GAN
from gansmith.games import terms as t
from gansmith.games.game import descend, field
from gansmith.objectives.losses import loss
from gansmith.runs.assemble import build_game, build_networks, build_terms

CPU = torch.device("cpu")


class Counting(nn.Module):
    """Counts its forward passes."""

    def __init__(self, module):
        super().__init__()
        self.module, self.calls = module, 0

    def forward(self, x):
        self.calls += 1
        return self.module(x)


def make(objective=None, seed=0, **changes) -> GAN:
    torch.manual_seed(seed)
    generator = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 2))
    discriminator = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
    recipe = change(Recipe(objective=objective or Objective()), {"optimizer": "SGD", **changes})
    return build_game(recipe, (Counting(generator).double(), Counting(discriminator).double()), CPU)


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


ALL = Objective(r1=1.0, r2=1.0, variance=0.1)


def test_terms_never_repeat_a_forward_pass():
    game = make(ALL)
    game.cost("discriminator", next(rounds(game)))
    assert (game.generator.calls, game.discriminator.calls) == (1, 2)  # G(z); D(x) and D(G(z))
    game.cost("generator", next(rounds(game)))
    assert (game.generator.calls, game.discriminator.calls) == (2, 3)


def test_simultaneous_players_share_everything():
    game = make(ALL)
    field(game, next(rounds(game)))
    assert (game.generator.calls, game.discriminator.calls) == (1, 2)


def test_reuse_makes_fakes_once_and_judges_them_anew():
    game = make()
    Alternating(k=1, reuse=True).step(game, rounds(game))
    assert (game.generator.calls, game.discriminator.calls) == (1, 3)
    fresh = make()
    Alternating(k=1, reuse=False).step(fresh, rounds(fresh))
    assert (fresh.generator.calls, fresh.discriminator.calls) == (2, 3)


def test_nothing_stale_is_used_after_a_move():
    """With a shared round, the generator's step is the one a plain loop takes against the moved discriminator."""
    game, plain = make(ALL), make(ALL)
    batch = next(rounds(game))
    Alternating(k=1, reuse=True).step(game, iter([batch]))
    for player in ("discriminator", "generator"):
        descend(plain, player, plain.round(batch.x, batch.z))  # a new round each time: nothing can be shared
    for a, b in zip(weights(game), weights(plain), strict=True):
        assert torch.equal(a, b)


def test_alone_builds_no_graph_for_the_other_player():
    game = make(ALL)
    batch = next(rounds(game))
    descend(game, "discriminator", batch)
    assert batch.fake.grad_fn is not None  # asked for now, in a turn in which the generator could learn
    assert game.generator.calls == 2
    assert all(p.grad is None for player in game.players.values() for p in player.parameters)


@pytest.mark.parametrize("name", ["minimax", "nonsaturating", "least-squares", "wasserstein", "hinge", "relativistic"])
@pytest.mark.parametrize("penalties", [{}, {"r1": 0.7, "r2": 0.3}, {"gradient_penalty": 10.0}, {"dragan": 5.0}])
def test_field_is_the_gradient_of_each_cost_alone(name, penalties):
    """What sharing computes equals torch.autograd on costs that share nothing."""
    game = make(Objective(loss=name, **penalties))
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


@pytest.mark.parametrize("dynamics", [Alternating(2), Simultaneous(), Extragradient(), Consensus(0.1, Alternating(1))])
def test_every_dynamics_moves_both_networks(dynamics):
    game = make(ALL, lr_generator=0.1, lr_discriminator=0.1)
    before = weights(game)
    costs = dynamics.step(game, rounds(game))
    assert all(not torch.equal(a, b) for a, b in zip(before, weights(game), strict=True))
    assert set(costs) == {"discriminator", "generator"}
    assert not any(cost.requires_grad for cost in costs.values())


def test_lazy_penalty_is_as_strong_on_average():
    """Applied at every third move three times as strong; predictive half-steps do not count."""
    every, lazy = t.R1(0.5), t.R1(0.5, every=3)
    game = make()
    batch = next(rounds(game))
    full = every.discriminator(batch)
    shares = []
    for moves in range(6):
        game.players["discriminator"].moves = moves
        share = lazy.discriminator(batch)
        shares.append(0.0 if share is None else share.item())
    assert shares == pytest.approx([3 * full.item(), 0, 0] * 2)
    assert lazy.generator(batch) is None


def test_gradient_penalty_term_on_the_linear_critic():
    game = make()
    game.discriminator = nn.Linear(2, 1, bias=False).double()
    with torch.no_grad():
        game.discriminator.weight.fill_(2.0)
    batch = next(rounds(game))
    share = t.GradientPenalty(10.0).discriminator(batch)
    assert share.item() == pytest.approx(10 * (8**0.5 - 1) ** 2)


def test_randomness_is_drawn_once_per_round():
    batch = next(rounds(make()))
    first = batch.uniform("epsilon", (4,))
    assert batch.uniform("epsilon", (4,)) is first
    assert not torch.equal(batch.uniform("other", (4,)), first)


def test_label_noise_flips_the_labels_it_says():
    game = make()
    batch = next(rounds(game, n=2000))
    always, never = (t.Adversarial(loss("minimax"), noise=p) for p in (1.0, 0.0))
    swapped = loss("minimax").discriminator(-batch.real_score, -batch.fake_score)
    torch.testing.assert_close(always.discriminator(batch), swapped)
    torch.testing.assert_close(
        never.discriminator(batch), loss("minimax").discriminator(batch.real_score, batch.fake_score)
    )
    with pytest.raises(GansmithError, match="need a loss with targets"):
        t.Adversarial(loss("hinge"), smoothing=0.1)


def test_objective_of_weight_zero_has_no_terms():
    assert [term.name for term in build_terms(Objective())] == ["adversarial"]
    assert [term.name for term in build_terms(ALL)] == ["adversarial", "r1", "r2", "variance"]


def test_scores_of_the_wrong_number_are_refused():
    game = make()
    game.discriminator = nn.Linear(2, 3).double()
    with pytest.raises(GansmithError, match="one score per sample"):
        game.cost("discriminator", next(rounds(game)))


def test_clipping_holds_after_every_move():
    game = make(Objective(loss="wasserstein", clip=0.01), lr_discriminator=1.0)
    for _ in range(3):
        descend(game, "discriminator", next(rounds(game)))
        reached = max(float(p.detach().abs().max()) for p in game.players["discriminator"].parameters)
        assert reached == pytest.approx(0.01, abs=1e-12)


def test_state_goes_round():
    game, other = make(ALL, optimizer="Adam"), make(ALL, seed=5, optimizer="Adam")
    source = rounds(game)
    for _ in range(3):
        Simultaneous().step(game, source)
    other.load_state_dict(copy.deepcopy(game.state_dict()))
    for a, b in zip(weights(game), weights(other), strict=True):
        assert torch.equal(a, b)
    batch = next(source)
    for g in (game, other):
        Simultaneous().step(g, itertools.repeat(g.round(batch.x, batch.z)))
    for a, b in zip(weights(game), weights(other), strict=True):
        assert torch.equal(a, b)


def test_a_joint_table_asks_the_discriminator_once_and_hears_the_same():
    """One pass over real and fake together instead of two; every cost and gradient is as it was."""
    objective = Objective(gradient_penalty=10.0, variance=0.1, label_noise=0.2)
    apart, joint = make(objective), make(objective)
    joint.joint = True
    for dynamics in (Alternating(k=2), Alternating(reuse=True), Simultaneous()):
        costs, others = (dynamics.step(game, rounds(game)) for game in (apart, joint))
        for name in costs:
            torch.testing.assert_close(others[name], costs[name], rtol=1e-12, atol=0)
    for a, b in zip(weights(apart), weights(joint), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-10, atol=1e-14)
    assert set(apart.report()) == set(joint.report())
    before = joint.discriminator.calls
    joint.cost("discriminator", next(rounds(joint)))
    assert joint.discriminator.calls - before == 2  # x and G(z) together, and the points between them
    joint.cost("generator", next(rounds(joint)))
    assert joint.discriminator.calls - before == 3  # G(z) alone


@pytest.mark.parametrize(
    ("changes", "alone"),
    [
        ({"network": "mlp"}, True),
        ({"network": "dcgan", "discriminator_norm": "layer"}, True),
        ({"network": "dcgan"}, False),  # batch norm
        ({"network": "mlp", "minibatch": "distances"}, False),
        ({"network": "resnet", "discriminator_norm": "none", "spectral_norm": True}, False),
        ({"network": "mlp", "r1": 1.0}, False),
        ({"network": "mlp", "pack": 2}, False),
    ],
)
def test_the_table_is_joint_where_every_sample_is_judged_by_itself(changes, alone):
    recipe = change(Recipe(), {"width": 4, **changes})
    assert build_game(recipe, build_networks(recipe.networks, (1, 16, 16), 0), CPU).joint is alone
    assert not make().joint  # of a user's own networks nothing is known


def test_bf16_moves_costs_a_little_and_gradients_stay_in_the_parameters_precision():
    def costs(precision):
        recipe = change(Recipe(), {"network": "mlp", "precision": precision, "hidden": 64})
        game = build_game(recipe, build_networks(recipe.networks, (2,), 0), CPU)
        torch.manual_seed(0)
        batch = game.round(torch.randn(64, 2), torch.randn(64, 100))
        cost = game.cost("discriminator", batch)
        player = game.players["discriminator"]
        return cost.item(), player.gradients(cost)

    (exact, v), (rough, w) = costs("fp32"), costs("bf16")
    assert rough == pytest.approx(exact, rel=0.01) and rough != exact
    assert all(g.dtype == torch.float32 for g in w)
    apart = torch.cat([(a - b).flatten() for a, b in zip(v, w, strict=True)]).norm()
    assert 0.0005 < apart / torch.cat([a.flatten() for a in v]).norm() < 0.1
