"""Unrolled play: its update matrix on min max xy, and gradients that pass through the steps ahead."""

import itertools

import pytest
import torch
from torch import nn

from gansmith.dynamics import Alternating, Unrolled
from gansmith.games import GAN, Player
from gansmith.games.game import descend
from gansmith.games.toy import Quadratic, bilinear
from gansmith.terms import R1, Adversarial
from gansmith.terms.losses import NonSaturating


@pytest.mark.parametrize("k", [0, 1, 3])
def test_update_matrix_on_xy(k):
    """x leads. y looks k steps ahead: x_k = x − kη′y, so it descends −(x − kη′y) y, whose slope is −x + 2kη′y."""
    lr, ahead = 0.1, 0.3
    game = bilinear(1.0, 0.5, lr)
    Unrolled(k, ahead).step(game, itertools.repeat(None))
    x = 1.0 - lr * 0.5
    y = 0.5 - lr * (-x + 2 * k * ahead * 0.5)
    assert game.position().tolist() == pytest.approx([x, y], abs=1e-14)


def test_looking_ahead_turns_rotation_into_contraction():
    """The spectral radius of the update on xy is below 1 with k = 5, and 1 with k = 0."""
    norms = {}
    for k in (0, 5):
        game, steps = bilinear(1.0, 1.0, 0.1), Unrolled(k, 0.3)
        for _ in range(400):
            steps.step(game, itertools.repeat(None))
        norms[k] = float(game.position().norm())
    assert norms[5] < 1e-3 and 0.5 < norms[0] < 3


def networks(seed=0):
    torch.manual_seed(seed)
    generator = nn.Sequential(nn.Linear(2, 6), nn.Tanh(), nn.Linear(6, 2)).double()
    discriminator = nn.Sequential(nn.Linear(2, 6), nn.Tanh(), nn.Linear(6, 1)).double()
    return generator, discriminator


def play(terms, seed=0):
    generator, discriminator = networks(seed)
    players = {
        "discriminator": Player(torch.optim.SGD(discriminator.parameters(), lr=0.1)),
        "generator": Player(torch.optim.SGD(generator.parameters(), lr=0.1)),
    }
    return GAN({"generator": generator, "discriminator": discriminator}, players, terms)


def batch(game, seed=1):
    rng = torch.Generator().manual_seed(seed)
    x, z = (torch.randn(8, 2, dtype=torch.float64, generator=rng) for _ in range(2))
    return game.round(x + 1, z, rng=rng)


TERMS = [Adversarial(NonSaturating()), R1(0.3)]


def test_the_gradient_passes_through_the_steps_ahead():
    """Against central differences of the generator's cost after k explicit steps of the discriminator."""
    k, lr, h = 3, 0.5, 1e-5
    game = play(TERMS)
    steps = Unrolled(k, lr)
    turn = batch(game)
    descend(game, "discriminator", turn, alone=False)
    cost = game.cost_at("generator", turn, {"discriminator": steps._ahead(game, "discriminator", turn)})
    gradients = game.players["generator"].gradients(cost)

    def cost_after(delta):
        weight = game.players["generator"].parameters[0]
        with torch.no_grad():
            weight[0, 1] += delta
        w = [p.detach().clone() for p in game.players["discriminator"].parameters]
        for _ in range(k):
            w = [p.requires_grad_() for p in w]
            slopes = torch.autograd.grad(game.cost_at("discriminator", turn, {"discriminator": w}), w)
            w = [(p - lr * g).detach() for p, g in zip(w, slopes, strict=True)]
        value = game.cost_at("generator", turn, {"discriminator": w}).item()
        with torch.no_grad():
            weight[0, 1] -= delta
        return value

    expected = (cost_after(h) - cost_after(-h)) / (2 * h)
    assert gradients[0][0, 1].item() == pytest.approx(expected, rel=1e-6)
    plain = game.players["generator"].gradients(game.cost("generator", turn))
    assert abs(plain[0][0, 1].item() - expected) > 1e-3 * abs(expected)  # not what it sees now


def test_no_steps_ahead_is_alternating_play_bit_for_bit():
    ends = []
    for steps in (Unrolled(0), Alternating(1, reuse=True)):
        game = play(TERMS)
        for seed in range(5):
            steps.step(game, iter([batch(game, seed)]))
        ends.append([p.clone() for player in game.players.values() for p in player.parameters])
    assert all(torch.equal(a, b) for a, b in zip(*ends, strict=True))


def test_without_steps_ahead_fakes_are_made_once_a_step():
    """The generator answers with the fakes that the discriminator saw, as nobody has moved it since."""
    game, calls = play(TERMS), []
    game.networks["generator"].register_forward_hook(lambda *_: calls.append(1))
    Unrolled(0).step(game, iter([batch(game)]))
    assert len(calls) == 1


def test_the_discriminator_takes_its_steps_ahead_back():
    game, plain = play(TERMS), play(TERMS)
    Unrolled(4, 0.5).step(game, iter([batch(game)]))
    descend(plain, "discriminator", batch(plain))
    ours, theirs = (g.players["discriminator"].parameters for g in (game, plain))
    assert all(torch.equal(a, b) for a, b in zip(ours, theirs, strict=True))
    assert game.players["discriminator"].moves == 1


@pytest.mark.parametrize(("ahead", "grows"), [(0.19, False), (0.21, True)])
def test_steps_ahead_diverge_above_two_over_the_curvature(ahead, grows):
    """On ½ a x² with a = 10: x_k = (1 − aη)ᵏ x, which grows from η = 2/a on."""
    k, game = 40, Quadratic([[10.0]], [[0.0]], [[0.0]], x=[1.0], y=[1.0], lr=0.1)
    (x,) = Unrolled(k, ahead)._ahead(game, "x", None)
    assert x.item() == pytest.approx((1 - 10 * ahead) ** k, rel=1e-9)
    assert (abs(x.item()) > 1) is grows


def test_costs_at_other_parameters():
    game = play(TERMS)
    turn = batch(game)
    here = {name: player.parameters for name, player in game.players.items()}
    for name in here:
        assert game.cost_at(name, turn, here).item() == pytest.approx(game.cost(name, turn).item(), rel=1e-12)
    doubled = {"generator": [2 * p.detach() for p in here["generator"]]}
    at = game.cost_at("generator", turn, doubled).item()
    with torch.no_grad():
        for p in here["generator"]:
            p.mul_(2)
    assert at == pytest.approx(game.cost("generator", batch(game)).item(), rel=1e-12)
    toy = Quadratic([[2.0]], [[1.0]], [[0.0]], [1.0], [1.0], 0.1)
    assert toy.cost_at("x", None, {"x": [torch.tensor([3.0], dtype=torch.float64)]}).item() == 12
