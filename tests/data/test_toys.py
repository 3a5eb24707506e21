"""The toys have the moments, the modes and the shapes that they are defined by."""

import math

import pytest
import torch
from scipy.stats import multivariate_normal

from gansmith.data import toys

RNG = 5


def draw(toy, count=20_000):
    return next(toy.batches(count, RNG, 0, torch.device("cpu"))).x


def test_normal_has_its_moments():
    x = draw(toys.normal())
    assert x.shape == (20_000, 1)
    z = (x - 5).double()
    assert abs(z.mean()) < 4 / math.sqrt(20_000)
    assert z.var().item() == pytest.approx(1, abs=4 * math.sqrt(2 / 20_000))
    assert abs((z**3).mean()) < 4 * math.sqrt(15 / 20_000)


def test_ring_has_eight_different_modes_on_the_unit_circle():
    ring = toys.ring()
    distances = torch.pdist(ring.modes)
    assert ring.modes.shape == (8, 2) and ring.spread == 0.01
    torch.testing.assert_close(ring.modes.norm(dim=1), torch.ones(8))
    assert distances.min().item() == pytest.approx(2 * math.sin(math.pi / 8), abs=1e-6)
    assert distances.max().item() == pytest.approx(2, abs=1e-6)


def test_grid_modes_are_the_even_numbers_from_minus_four_to_four():
    modes = {tuple(mode) for mode in toys.grid().modes.tolist()}
    assert modes == {(a, b) for a in (-4, -2, 0, 2, 4) for b in (-4, -2, 0, 2, 4)}
    assert toys.grid().spread == 0.05


@pytest.mark.parametrize("toy", [toys.ring(), toys.grid()], ids=["ring", "grid"])
def test_mixtures_draw_every_mode_alike_with_their_spread(toy):
    x, count = draw(toy), len(toy.modes)
    nearest = torch.cdist(x, toy.modes).argmin(dim=1)
    shares = torch.bincount(nearest, minlength=count) / len(x)
    assert (shares - 1 / count).abs().max() < 4.5 * math.sqrt((1 / count) * (1 - 1 / count) / len(x))
    noise = (x - toy.modes[nearest]) / toy.spread
    torch.testing.assert_close(torch.cov(noise.T), torch.eye(2), atol=0.05, rtol=0)


@pytest.mark.parametrize(
    "toy", [toys.normal(), toys.ring(spread=0.3), toys.grid(side=2, spread=0.4)], ids=lambda toy: toy.description
)
def test_densities_are_those_of_scipy_and_of_the_samples(toy):
    points = draw(toy, 50).double()
    centres = torch.tensor([[5.0]]) if toy.modes is None else toy.modes
    parts = [multivariate_normal(c.tolist(), (toy.spread or 1) ** 2).pdf(points.numpy()) for c in centres]
    torch.testing.assert_close(toy.log_density(points).exp(), torch.from_numpy(sum(parts) / len(parts)))


def test_moons_are_two_half_circles_that_mirror_each_other():
    x = draw(toys.moons(spread=0.0))
    upper = (x - torch.tensor([-0.5, -0.25])).norm(dim=1).sub(1).abs() < 1e-5
    lower = (x - torch.tensor([0.5, 0.25])).norm(dim=1).sub(1).abs() < 1e-5
    assert (upper | lower).all()
    assert (x[upper & ~lower, 1] > -0.2501).all() and (x[lower & ~upper, 1] < 0.2501).all()
    assert upper.float().mean().item() == pytest.approx(0.5, abs=0.02)
    assert x.mean(dim=0).norm() < 0.03


def test_swissroll_turns_one_and_a_half_times_in_the_unit_disc():
    x = draw(toys.swissroll(spread=0.0))
    radius = x.norm(dim=1)
    angle = 4.5 * math.pi * radius
    torch.testing.assert_close(x, radius[:, None] * torch.stack([angle.cos(), angle.sin()], dim=1), atol=1e-5, rtol=0)
    assert radius.min().item() == pytest.approx(1 / 3, abs=1e-3) and radius.max().item() == pytest.approx(1, abs=1e-3)


def test_spread_is_the_noise_around_the_curve():
    for make in (toys.moons, toys.swissroll):
        noise = draw(make(spread=0.1)) - draw(make(spread=0.0))
        assert noise.std().item() == pytest.approx(0.1, rel=0.03)
