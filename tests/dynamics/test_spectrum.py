"""Update matrices against theory, and against what the dynamics' own steps do."""

import copy
import itertools
import math

import pytest
import torch
from torch import nn

from gansmith.dynamics import Alternating, Consensus, Extragradient, Optimistic, Simultaneous, Unrolled
from gansmith.dynamics.consensus import Agreeing
from gansmith.dynamics.flat import FlatGame
from gansmith.dynamics.optimistic import PAST
from gansmith.dynamics.spectrum import eigenvalues, jacobian, spectral_radius, update_matrix
from gansmith.errors import GansmithError
from gansmith.games import GAN, Player, toy
from gansmith.terms import R1, R2, Adversarial, Dragan, GradientPenalty
from gansmith.terms.losses import Minimax, NonSaturating, Wasserstein

EVERY = {
    "simultaneous": Simultaneous(),
    "alternating": Alternating(),
    "alternating 1:3": Alternating(3),
    "extragradient": Extragradient(),
    "optimistic": Optimistic(),
    "unrolled": Unrolled(3, 0.4),
    "consensus": Consensus(0.7, Simultaneous()),
    "alternating consensus": Consensus(0.7, Alternating(2)),
    "optimistic consensus": Consensus(0.7, Optimistic()),
    "unrolled consensus": Consensus(0.2, Unrolled(1, 0.3)),
}
XY_FACTORS = {  # per step, on the squared distance from the saddle
    "simultaneous": lambda eta: 1 + eta**2,
    "alternating": lambda eta: 1.0,
    "extragradient": lambda eta: 1 - eta**2 + eta**4,
    "optimistic": lambda eta: (1 + math.sqrt(1 - 4 * eta**2)) / 2,
    "consensus": lambda eta: (1 - 0.7 * eta) ** 2 + eta**2,
}


def matrix(dynamics, game, batch=None):
    return update_matrix(dynamics, game, batch)


@pytest.mark.parametrize("eta", [0.05, 0.3])
@pytest.mark.parametrize("name", XY_FACTORS)
def test_spectral_radius_on_xy(name, eta):
    found = spectral_radius(matrix(EVERY[name], toy.bilinear(0.3, -2.0, lr=eta)))
    assert found**2 == pytest.approx(XY_FACTORS[name](eta), abs=1e-12)


def test_eigenvalues_on_xy_are_one_plus_and_minus_i_eta():
    found = eigenvalues(matrix(Simultaneous(), toy.bilinear(lr=0.3)))
    torch.testing.assert_close(found, torch.tensor([1 + 0.3j, 1 - 0.3j], dtype=torch.complex128), rtol=0, atol=1e-14)


@pytest.mark.parametrize("rates", [(0.01, 1.0), (0.1, 0.1), (0.4, 0.025)])
def test_two_time_scales_on_xy_are_one_rate(rates):
    """1 ± i√(η_x η_y): only the product counts, and every product spirals out."""
    found = eigenvalues(matrix(Simultaneous(), toy.bilinear(lr=rates)))
    h = math.sqrt(rates[0] * rates[1])
    torch.testing.assert_close(found, torch.tensor([1 + h * 1j, 1 - h * 1j], dtype=torch.complex128))


def test_unrolled_on_xy():
    """x' = x − ηy; y' = y − η(−x' + 2kη′y): the matrix by hand."""
    eta, k, ahead = 0.1, 3, 0.4
    expected = [[1.0, -eta], [eta, 1 - eta * (eta + 2 * k * ahead)]]
    found = matrix(Unrolled(k, ahead), toy.bilinear(lr=eta))
    torch.testing.assert_close(found, torch.tensor(expected, dtype=torch.float64), rtol=0, atol=1e-14)


@pytest.mark.parametrize("gamma", [0.0, 0.3, 1.0, 1.7])
def test_dirac_gan_with_r1(gamma):
    """v' = −J of Mescheder et al. 2018: eigenvalues γ/2 ± √(γ²/4 − f'(0)²), f'(0) = ½, at the equilibrium."""
    game = toy.DiracGAN([Adversarial(Minimax()), R1(gamma)], theta=0.0, psi=0.0)
    root = torch.sqrt(torch.tensor(gamma**2 / 4 - 0.25, dtype=torch.complex128))
    found = torch.linalg.eigvals(jacobian(game, game.minibatch()))
    expected = torch.stack([gamma / 2 - root, gamma / 2 + root])
    for value in expected:  # a double eigenvalue is only found to the root of the precision
        assert (found - value).abs().min() < (1e-7 if gamma == 1.0 else 1e-12)


def quadratic(seed, lr):
    rng = torch.Generator().manual_seed(seed)
    a, b, c = (torch.randn(shape, dtype=torch.float64, generator=rng) for shape in ((3, 3), (3, 2), (2, 2)))
    x, y = (torch.randn(n, dtype=torch.float64, generator=rng).tolist() for n in (3, 2))
    return toy.Quadratic((a @ a.T / 3).tolist(), b.tolist(), (c + c.T).tolist(), x, y, lr)


def steps_to(dynamics, game, batch, w, past=None):
    """Let the real dynamics take one step from w and return where it leads, with the past it remembers."""
    game = copy.deepcopy(game) if batch is None else game
    parameters = [p for player in game.players.values() for p in player.parameters]
    nn.utils.vector_to_parameters(w, parameters)
    if past is not None:
        pieces = iter(past.split([p.numel() for p in parameters]))
        for player in game.players.values():
            player.memory[PAST] = [next(pieces).view_as(p) for p in player.parameters]
    dynamics.step(game, itertools.repeat(batch and batch.again()))  # anew: nobody moved here by a move
    after = nn.utils.parameters_to_vector(parameters).detach().clone()
    if past is not None:
        gradients = [g for player in game.players.values() for g in player.memory[PAST]]
        after = torch.cat([after, nn.utils.parameters_to_vector(gradients)])
    return after


def response(dynamics, game, batch, state, h):
    """Return the central differences of the real step in every direction of its state."""
    inner = dynamics.inner if isinstance(dynamics, Consensus) else dynamics
    halves = 2 if isinstance(inner, Optimistic) else 1
    columns = []
    for direction in h * torch.eye(len(state), dtype=torch.float64):
        ahead, behind = (steps_to(dynamics, game, batch, *(state + s * direction).chunk(halves)) for s in (1, -1))
        columns.append((ahead - behind) / (2 * h))
    return torch.stack(columns, dim=1)


def state_of(dynamics, game):
    here = nn.utils.parameters_to_vector([p for player in game.players.values() for p in player.parameters]).detach()
    inner = dynamics.inner if isinstance(dynamics, Consensus) else dynamics
    return torch.cat([here, torch.sin(here)]) if isinstance(inner, Optimistic) else here.clone()  # any past will do


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("name", EVERY)
def test_quadratic_games_step_as_their_update_matrix(name, seed):
    """The step of a quadratic game is linear, so differences over any distance are exact."""
    game = quadratic(seed, lr=(0.1, 0.03))
    expected = response(EVERY[name], game, None, state_of(EVERY[name], game), h=1.0)
    torch.testing.assert_close(matrix(EVERY[name], game), expected, rtol=1e-11, atol=1e-11)


def networks(terms=None):
    torch.manual_seed(0)
    generator = nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 2)).double()
    discriminator = nn.Sequential(nn.Linear(2, 3), nn.Softplus(), nn.Linear(3, 1)).double()
    players = {
        "discriminator": Player(torch.optim.SGD(discriminator.parameters(), lr=0.2)),
        "generator": Player(torch.optim.SGD(generator.parameters(), lr=0.1)),
    }
    terms = terms or [Adversarial(NonSaturating()), R1(0.3), R2(0.1)]
    return GAN({"generator": generator, "discriminator": discriminator}, players, terms)


@pytest.mark.parametrize("name", [name for name in EVERY if name not in ("optimistic consensus", "unrolled consensus")])
def test_networks_step_as_their_update_matrix(name):
    game = networks()
    rng = torch.Generator().manual_seed(1)
    batch = game.round(*(torch.randn(8, 2, dtype=torch.float64, generator=rng) for _ in range(2)), rng=rng)
    state = state_of(EVERY[name], game)
    found = matrix(EVERY[name], game, batch)
    expected = response(EVERY[name], game, batch, state, h=1e-5)
    torch.testing.assert_close(found, expected, rtol=1e-6, atol=1e-8)
    assert (found - torch.eye(len(state), dtype=torch.float64)).abs().max() > 0.01


BETWEEN = {  # penalties at points that follow the generator, and one at points that do not
    "two-sided": (GradientPenalty(2.0), True),
    "one-sided": (GradientPenalty(20.0, target=0.05, one_sided=True), True),
    "around the data": (Dragan(2.0), False),
}


def small_round(game):
    rng = torch.Generator().manual_seed(1)
    return game.round(*(torch.randn(8, 2, dtype=torch.float64, generator=rng) for _ in range(2)), rng=rng)


def slopes_by_differences(function, at, h=1e-5):
    """Return the derivative of a function of the generator's parameters, (outputs, n), by central differences."""
    here = nn.utils.parameters_to_vector(at).detach().clone()
    columns = []
    for direction in h * torch.eye(len(here), dtype=torch.float64):
        ends = []
        for sign in (1, -1):
            nn.utils.vector_to_parameters(here + sign * direction, at)
            ends.append(function())
        columns.append((ends[0] - ends[1]) / (2 * h))
    nn.utils.vector_to_parameters(here, at)
    return torch.stack(columns, dim=1)


@pytest.mark.parametrize("kind", BETWEEN)
def test_the_discriminators_gradient_follows_the_generator_through_the_mixed_points(kind):
    """The block ∂v_D/∂θ_G of the Jacobian against central differences, and what of it the penalty makes."""
    penalty, follows = BETWEEN[kind]
    game, plain = networks([Adversarial(Wasserstein()), penalty]), networks([Adversarial(Wasserstein())])
    batch = small_round(game)
    d, g = (game.players[name].parameters for name in ("discriminator", "generator"))
    size = sum(p.numel() for p in d)

    def field_of_d():
        cost = game.cost("discriminator", batch.again())
        return nn.utils.parameters_to_vector(game.players["discriminator"].gradients(cost))

    found = jacobian(game, batch)[:size, size:]
    torch.testing.assert_close(found, slopes_by_differences(field_of_d, g), rtol=1e-6, atol=1e-8)
    through = found - jacobian(plain, small_round(plain))[:size, size:]
    assert (float(through.abs().max()) > 0.01) is follows


@pytest.mark.parametrize("name", ["consensus", "alternating consensus", "unrolled"])
def test_play_with_a_gradient_penalty_steps_as_its_update_matrix(name):
    game = networks([Adversarial(Wasserstein()), GradientPenalty(0.5)])
    batch = small_round(game)
    found = matrix(EVERY[name], game, batch)
    expected = response(EVERY[name], game, batch, state_of(EVERY[name], game), h=1e-5)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-7)


def test_consensus_pulls_the_generator_through_the_mixed_points():
    """The generator's pull by γ/2 ‖v‖² against central differences of it, played and as a function of w."""
    game = networks([Adversarial(Wasserstein()), GradientPenalty(2.0)])
    batch = small_round(game)
    agreeing, generator = Agreeing(game, 1.0), game.players["generator"]

    def half_length_and_own():
        v = []
        for name, player in game.players.items():
            v += player.gradients(game.cost(name, batch.again()))
        own = game.cost("generator", batch.again()).detach()
        return (own + 0.5 * nn.utils.parameters_to_vector(v).square().sum()).reshape(1)

    expected = slopes_by_differences(half_length_and_own, generator.parameters)[0]
    played = nn.utils.parameters_to_vector(generator.gradients(agreeing.cost("generator", batch.again())))
    torch.testing.assert_close(played, expected, rtol=1e-6, atol=1e-8)
    flat = FlatGame(agreeing, batch)
    pull = flat.pull("generator", flat.here().requires_grad_())[flat.own["generator"]].detach()
    torch.testing.assert_close(pull, expected, rtol=1e-6, atol=1e-8)


def test_nobody_moves():
    game = networks()
    before = state_of(Simultaneous(), game)
    batch = game.round(torch.randn(4, 2).double(), torch.randn(4, 2).double())
    first = game.cost("discriminator", batch).item()
    matrix(Unrolled(2), game, batch)
    assert torch.equal(state_of(Simultaneous(), game), before)
    assert all(p.grad is None for player in game.players.values() for p in player.parameters)
    assert game.cost("discriminator", batch).item() == first


def test_the_spectrum_tells_whether_play_converges():
    """Of a damped game the same step contracts at a small rate and leaves at a large one, as its radius says."""
    for lr, contracts in ((0.1, True), (1.2, False)):
        game = toy.Quadratic([[0.5]], [[1.0]], [[0.5]], [1.0], [1.0], lr)
        assert (spectral_radius(matrix(Simultaneous(), game)) < 1) is contracts
        for _ in range(300):
            Simultaneous().step(game, itertools.repeat(None))
        distance = game.position().norm().item()
        assert distance < 1e-3 if contracts else distance > 1e3


class Waiting:
    """A dynamics that nobody has written down."""


def test_what_has_no_update_matrix_is_told():
    with pytest.raises(GansmithError, match="no update matrix for Waiting"):
        matrix(Waiting(), toy.bilinear())
    game = toy.bilinear()
    for optimizer in (
        torch.optim.Adam([game.y], lr=0.1),
        torch.optim.SGD([game.y], lr=0.1, momentum=0.9),
        torch.optim.SGD([game.y], lr=0.1, weight_decay=0.1),
    ):
        game.players = {"x": game.players["x"], "y": Player(optimizer)}
        with pytest.raises(GansmithError, match="the y does not move by plain gradient descent"):
            matrix(Simultaneous(), game)
    clipped = toy.DiracGAN([Adversarial(Wasserstein())], clip=1.0)
    with pytest.raises(GansmithError, match="clipping"):
        matrix(Alternating(), clipped, clipped.minibatch())
