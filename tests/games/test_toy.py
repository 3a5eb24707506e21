"""Toy games have the costs, gradients and equilibria that one computes by hand."""

import itertools

import pytest
import torch

from gansmith.games import toy
from gansmith.games.game import descend, field, move, restore, snapshot
from gansmith.terms import R1, Adversarial
from gansmith.terms.losses import Minimax


def test_quadratic_field_is_its_matrix_times_the_position():
    a, b, c = [[2.0, 0.5], [0.5, 1.0]], [[1.0, -1.0], [0.0, 3.0]], [[0.7, 0.1], [0.1, 0.4]]
    game = toy.Quadratic(a, b, c, x=[1.0, -2.0], y=[0.5, 3.0], lr=0.1)
    v, _ = field(game, None)
    a, b, c = (torch.tensor(m, dtype=torch.float64) for m in (a, b, c))
    x, y = game.x.detach(), game.y.detach()
    torch.testing.assert_close(v["x"][0], a @ x + b @ y)
    torch.testing.assert_close(v["y"][0], c @ y - b.T @ x)


def test_saddle_slides_in_by_one_minus_two_eta():
    game = toy.saddle(x=1.0, y=-3.0, lr=0.1)
    descend(game, "x", None)
    descend(game, "y", None)
    torch.testing.assert_close(game.position(), 0.8 * torch.tensor([1.0, -3.0], dtype=torch.float64))


@pytest.mark.parametrize("make", [toy.bilinear, toy.saddle])
def test_toy_games_begin_at_one_and_one_with_rates_of_a_tenth(make):
    game = make()
    assert game.position().tolist() == [1.0, 1.0]
    assert {player.optimizer.param_groups[0]["lr"] for player in game.players.values()} == {0.1}


def test_two_time_scales_are_two_rates():
    game = toy.bilinear(x=1.0, y=1.0, lr=(0.1, 0.4))
    move(game, field(game, None)[0])
    torch.testing.assert_close(game.position(), torch.tensor([0.9, 1.4], dtype=torch.float64))


def test_restore_takes_a_move_back_and_does_not_count_it():
    game = toy.bilinear()
    here, before = snapshot(game), game.position()
    versions = [player.version for player in game.players.values()]
    move(game, field(game, None)[0])
    assert not torch.equal(game.position(), before)
    restore(game, here)
    assert torch.equal(game.position(), before)
    assert [player.moves for player in game.players.values()] == [0, 0]
    assert all(p.version > v for p, v in zip(game.players.values(), versions, strict=True))


def test_dirac_field_by_hand():
    theta, psi = 0.7, -1.3
    game = toy.DiracGAN([Adversarial(Minimax())], theta, psi)
    v, costs = field(game, game.minibatch())
    score = theta * psi
    sigmoid = 1 / (1 + torch.exp(torch.tensor(-score, dtype=torch.float64)))
    assert float(v["discriminator"][0]) == pytest.approx(float(theta * sigmoid), rel=1e-12)
    assert float(v["generator"][0]) == pytest.approx(float(-psi * sigmoid), rel=1e-12)
    assert float(costs["generator"]) == pytest.approx(float(torch.log(1 - sigmoid)), rel=1e-12)


@pytest.mark.parametrize("gamma", [0.3, 1.0])
def test_r1_has_the_eigenvalues_of_the_paper(gamma):
    """−γ/2 ± √(γ²/4 − ¼), Mescheder et al. 2018."""
    terms = [Adversarial(Minimax()), R1(gamma)]
    game = toy.DiracGAN(terms, theta=1e-6, psi=1e-6)
    columns = []
    for d_theta, d_psi in ((1e-5, 0.0), (0.0, 1e-5)):
        shifted = toy.DiracGAN(terms, 1e-6 + d_theta, 1e-6 + d_psi)
        v0, v1 = field(game, game.minibatch())[0], field(shifted, shifted.minibatch())[0]
        columns.append([float(v0[n][0] - v1[n][0]) / 1e-5 for n in ("generator", "discriminator")])
    found = torch.linalg.eigvals(torch.tensor(columns, dtype=torch.float64).T)
    root = torch.sqrt(torch.tensor(gamma**2 / 4 - 0.25, dtype=torch.complex128))
    expected = torch.stack([-gamma / 2 + root, -gamma / 2 - root])
    order = [found.imag.argsort(), expected.imag.argsort()]
    # a double eigenvalue (γ = 1) moves by the square root of the rounding error
    torch.testing.assert_close(found[order[0]], expected[order[1]], atol=1e-2 if gamma == 1 else 1e-4, rtol=0)


def test_instance_noise_is_an_expectation():
    """With σ, the discriminator's gradient at (θ, ψ) is E over z of the noisy scores' gradients."""
    game = toy.DiracGAN([Adversarial(Minimax())], theta=0.4, psi=0.9, noise=0.7)
    v, _ = field(game, game.minibatch())
    z = torch.randn(2_000_000, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) * 0.7
    fake = 0.4 + z
    expected = (torch.sigmoid(0.9 * fake) * fake).mean() - (torch.sigmoid(-0.9 * z) * z).mean()
    assert float(v["discriminator"][0]) == pytest.approx(float(expected), abs=2e-3)


def test_batches_of_a_toy_game_may_be_nothing():
    assert field(toy.bilinear(), next(itertools.repeat(None)))[1]["x"].item() == 1.0
