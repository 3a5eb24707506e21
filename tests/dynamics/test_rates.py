"""Every dynamics on min max xy has the rate that its update matrix has."""

import copy
import itertools
import math

import pytest
import torch

from gansmith.dynamics import Alternating, Consensus, Dynamics, Extragradient, Optimistic, Simultaneous
from gansmith.games import toy
from gansmith.games.game import move

NOTHING = itertools.repeat(None)


def radii(dynamics: Dynamics, game: toy.Quadratic, steps: int) -> list[float]:
    found = [float(game.position().norm())]
    for _ in range(steps):
        dynamics.step(game, NOTHING)
        found.append(float(game.position().norm()))
    return found


@pytest.mark.parametrize("eta", [0.05, 0.1, 0.4])
@pytest.mark.parametrize(
    ("dynamics", "factor"),
    [
        (Simultaneous(), lambda eta: math.sqrt(1 + eta**2)),
        (Extragradient(), lambda eta: math.sqrt(1 - eta**2 + eta**4)),
        (Consensus(0.5, Simultaneous()), lambda eta: math.sqrt((1 - 0.5 * eta) ** 2 + eta**2)),
    ],
)
def test_every_step_has_the_same_factor(dynamics, factor, eta):
    r = radii(dynamics, toy.bilinear(1.0, -0.3, lr=eta), 50)
    for before, after in itertools.pairwise(r):
        assert after / before == pytest.approx(factor(eta), abs=1e-12)


@pytest.mark.parametrize("eta", [0.1, 0.5, 1.5])
def test_alternating_keeps_its_invariant_and_stays_bounded(eta):
    game = toy.bilinear(1.0, 0.5, lr=eta)
    x, y = game.position().tolist()
    invariant = x * x + y * y - eta * x * y
    dynamics = Alternating(n_critic=1)
    reached = []
    for _ in range(5000):
        dynamics.step(game, NOTHING)
        x, y = game.position().tolist()
        assert x * x + y * y - eta * x * y == pytest.approx(invariant, abs=1e-9)
        reached.append(math.hypot(x, y))
    assert max(reached) <= math.sqrt(invariant / (1 - eta / 2)) + 1e-9
    assert min(reached) >= math.sqrt(invariant / (1 + eta / 2)) - 1e-9


@pytest.mark.parametrize("eta", [0.1, 0.3, 0.49])
def test_optimistic_shrinks_at_its_asymptotic_rate(eta):
    r = radii(Optimistic(), toy.bilinear(1.0, 0.5, lr=eta), 400)
    found = (r[400] / r[300]) ** (2 / 100)
    assert found == pytest.approx((1 + math.sqrt(1 - 4 * eta**2)) / 2, abs=1e-6)


@pytest.mark.parametrize(("eta", "converges"), [(0.57, True), (0.585, False)])
def test_optimistic_converges_up_to_one_over_root_three(eta, converges):
    r = radii(Optimistic(), toy.bilinear(lr=eta), 3000)
    assert (r[-1] < 1e-3) is converges
    assert (r[-1] > 1e3) is not converges


def test_alternating_gives_the_leader_k_steps():
    game = toy.bilinear(1.0, 1.0, lr=0.1)
    Alternating(n_critic=3).step(game, NOTHING)
    assert {name: player.moves for name, player in game.players.items()} == {"x": 3, "y": 1}
    torch.testing.assert_close(game.position(), torch.tensor([0.7, 1.07], dtype=torch.float64))


def test_two_optimistic_steps_by_hand():
    """w₁ = w₀ − η v₀; w₂ = w₁ − η (2 v₁ − v₀), v = (y, −x)."""
    game, dynamics = toy.bilinear(1.0, 2.0, lr=0.1), Optimistic()
    dynamics.step(game, NOTHING)
    torch.testing.assert_close(game.position(), torch.tensor([0.8, 2.1], dtype=torch.float64))
    dynamics.step(game, NOTHING)
    torch.testing.assert_close(
        game.position(), torch.tensor([0.8 - 0.1 * (4.2 - 2.0), 2.1 + 0.1 * (1.6 - 1.0)], dtype=torch.float64)
    )


def test_optimistic_goes_on_from_the_players_state():
    whole, halves = toy.bilinear(lr=0.2), toy.bilinear(lr=0.2)
    dynamics = Optimistic()
    radii(dynamics, whole, 20)
    radii(Optimistic(), halves, 7)
    onwards = toy.bilinear(*halves.position().tolist(), lr=0.2)
    for name, player in halves.players.items():
        onwards.players[name].load_state_dict(copy.deepcopy(player.state_dict()))
    radii(Optimistic(), onwards, 13)
    assert torch.equal(whole.position(), onwards.position())
    forgetful = toy.bilinear(*halves.position().tolist(), lr=0.2)
    radii(Optimistic(), forgetful, 13)
    assert not torch.equal(whole.position(), forgetful.position())


def test_extragradient_restores_before_it_corrects():
    """On x² − y² both half-steps shrink: w ← (1 − 2η(1 − 2η)) w."""
    game = toy.saddle(1.0, 1.0, lr=0.1)
    Extragradient().step(game, NOTHING)
    torch.testing.assert_close(game.position(), torch.full((2,), 1 - 0.2 * 0.8, dtype=torch.float64))
    assert all(player.moves == 1 for player in game.players.values())


def test_consensus_field_is_v_plus_gamma_times_its_own_pull():
    """On a quadratic game v = Jw, so the field of consensus is Jw + γ JᵀJ w."""
    a, b, c = [[1.0]], [[2.0]], [[0.5]]
    game = toy.Quadratic(a, b, c, x=[1.0], y=[-2.0], lr=1.0)
    before = game.position()
    Consensus(0.3, Simultaneous()).step(game, NOTHING)
    j = torch.tensor([[1.0, 2.0], [-2.0, 0.5]], dtype=torch.float64)
    torch.testing.assert_close(game.position(), before - (j @ before + 0.3 * j.T @ j @ before))


def test_moves_follow_gradients_not_their_storage():
    """Feeding the same field twice is two steps along it, whatever the optimiser did with the first."""
    game = toy.bilinear(1.0, 1.0, lr=0.5)
    v = {"x": [torch.ones(1, dtype=torch.float64)], "y": [torch.zeros(1, dtype=torch.float64)]}
    move(game, v)
    move(game, v)
    assert game.position().tolist() == [0.0, 1.0]
