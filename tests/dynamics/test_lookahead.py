"""Lookahead goes back a part of the way, jointly, and the players remember from where."""

import copy
import dataclasses

import pytest
import torch

from gansmith.dynamics import Extragradient, Lookahead, Simultaneous
from gansmith.games.toy import bilinear


def positions(dynamics, steps, game=None):
    game = game or bilinear(x=1.0, y=0.5, lr=0.3)
    found = []
    for _ in range(steps):
        dynamics.step(game, iter([None] * 2))
        found.append(game.position())
    return found


@pytest.mark.parametrize("inner", [Simultaneous(), Extragradient()])
def test_after_k_steps_it_is_the_mean_of_where_it_was_and_where_it_went(inner):
    start, k, alpha = torch.tensor([1.0, 0.5], dtype=torch.float64), 4, 0.3
    plain = positions(inner, k)
    ahead = positions(Lookahead(k, alpha, inner), k)
    for i in range(k - 1):
        assert torch.equal(ahead[i], plain[i])
    torch.testing.assert_close(ahead[-1], start + alpha * (plain[-1] - start), rtol=1e-14, atol=0)


def test_what_turns_outwards_alone_turns_inwards():
    """On min max xy simultaneous steps grow by √(1 + η²); 1 + ((1 − iη)^k − 1)/2 is less than 1 for η = 0.3, k = 5."""
    k, eta = 5, 0.3
    ends = positions(Lookahead(k, 0.5, Simultaneous()), 100)
    factor = abs(1 + 0.5 * ((1 - 1j * eta) ** k - 1))
    assert factor < 1 < abs(1 - 1j * eta)
    radius = float(torch.tensor([1.0, 0.5], dtype=torch.float64).norm())
    assert float(ends[-1].norm()) == pytest.approx(radius * factor ** (100 / k), rel=1e-9)


def test_at_a_rate_of_one_nothing_is_taken_back():
    for a, b in zip(positions(Lookahead(3, 1.0, Simultaneous()), 7), positions(Simultaneous(), 7), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-14, atol=0)


def test_where_it_goes_back_to_is_part_of_the_state():
    dynamics = Lookahead(4, 0.5, Simultaneous())
    game = bilinear(x=1.0, y=0.5, lr=0.3)
    positions(dynamics, 6, game)
    other = bilinear(x=0.0, y=0.0, lr=0.3)
    with torch.no_grad():
        other.x.copy_(game.x)
        other.y.copy_(game.y)
    for name, player in other.players.items():
        player.load_state_dict(copy.deepcopy(game.players[name].state_dict()))
    for a, b in zip(positions(dynamics, 7, game), positions(dynamics, 7, other), strict=True):
        assert torch.equal(a, b)
    assert dataclasses.replace(dynamics) == dynamics  # it remembers nothing itself
