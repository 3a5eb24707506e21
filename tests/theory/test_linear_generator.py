"""What a linear generator of uniform noise can reach, against quadrature, steep ends and autograd."""

import itertools
import math

import pytest
import torch
from scipy.integrate import quad
from scipy.optimize import minimize_scalar
from scipy.stats import norm, uniform, wasserstein_distance
from torch.nn.functional import logsigmoid, softplus

from gansmith.errors import GansmithError
from gansmith.theory import linear_generator as linear
from gansmith.theory import optimal
from gansmith.theory.divergences import js, kl

SDS = [0.3, 0.72, 0.73, 0.914, 1.0, 1.082, 2.5]
LN4 = math.log(4)


def densities(s, cells=400_000):
    """N(5, 1) and U of mean 5 on a grid; U's mass is that of whole cells."""
    cell = 30 / cells
    x = -10 + cell * (torch.arange(cells, dtype=torch.float64) + 0.5)
    q = ((x - 5).abs() < math.sqrt(3) * s).double()
    return torch.exp(-((x - 5) ** 2) / 2) / math.sqrt(2 * math.pi), q / (q.sum() * cell), cell


@pytest.mark.parametrize("s", SDS)
def test_the_value_is_that_of_the_densities(s):
    assert linear.best_value(s) == pytest.approx(optimal.best_value(*densities(s)), abs=1e-4)


@pytest.mark.parametrize("s", SDS)
def test_reverse_kl_is_its_integral(s):
    u = uniform(-math.sqrt(3) * s, 2 * math.sqrt(3) * s)
    assert linear.reverse_kl(s) == pytest.approx(-u.expect(norm.logpdf) - math.log(2 * math.sqrt(3) * s), abs=1e-9)


@pytest.mark.parametrize("s", SDS)
def test_wasserstein_is_the_area_between_the_distribution_functions(s):
    u = uniform(-math.sqrt(3) * s, 2 * math.sqrt(3) * s)
    cuts = [0, *(math.sqrt(3) * s * k / 200 for k in range(1, 201)), 40]
    areas = (quad(lambda x: abs(u.cdf(x) - norm.cdf(x)), a, b, epsabs=1e-9)[0] for a, b in itertools.pairwise(cuts))
    assert linear.wasserstein(s) == pytest.approx(2 * sum(areas), abs=1e-7)


def test_equal_moments_are_not_equal_shapes():
    """W₁ of U and N(5, 1) at mean 5 and sd 1, from quantiles of both at 200,000 points: .154."""
    t = (torch.arange(200_000, dtype=torch.float64) + 0.5) / 200_000
    there = wasserstein_distance(norm(5, 1).ppf(t), 5 + math.sqrt(3) * (2 * t - 1))
    assert linear.wasserstein(1.0) == pytest.approx(there, abs=1e-4)
    assert linear.wasserstein(1.0) == pytest.approx(0.1543, abs=1e-4)
    best = minimize_scalar(linear.wasserstein, bounds=(0.5, 1.2), method="bounded")
    assert 0.05 < best.fun < 0.154  # no width brings it to the shape


@pytest.mark.parametrize("s", SDS)
def test_slopes_are_those_of_what_they_go_down(s):
    """Of V for minimax, as the envelope theorem says; of KL − 2 JS for the other, as Arjovsky and Bottou say."""

    def slope(f, e=1e-4):
        return (f(s + e) - f(s - e)) / (2 * e)

    assert linear.minimax_slope(s) == pytest.approx(slope(linear.best_value), abs=1e-6)
    assert linear.nonsaturating_slope(s) == pytest.approx(slope(linear.nonsaturating_potential), abs=1e-6)


@pytest.mark.parametrize("falls", [lambda t: torch.special.ndtr(-t), lambda t: torch.sigmoid(-2 * t)])
@pytest.mark.parametrize("s", [0.6, 0.914, 1.082, 1.6])
def test_slopes_are_the_gradient_that_a_generator_with_steep_ends_gets(s, falls):
    """E[dcost(D*(x))/dx · dx/ds], D* held, of a density whose ends fall off within 10⁻³, in two ways; autograd."""
    h, width = math.sqrt(3) * s, 1e-3
    middle = torch.linspace(0, h - 20 * width, 20_001, dtype=torch.float64)
    ends = torch.linspace(h - 20 * width, h + 20 * width, 40_001, dtype=torch.float64)
    found = {"minimax": 0.0, "nonsaturating": 0.0}
    for part in (middle, ends):
        x = part.clone().requires_grad_()
        q = falls((x - h) / width) / (2 * h)
        score = -(x**2) / 2 - math.log(2 * math.pi) / 2 - (q + 1e-300).log()
        for name, sign in (("minimax", 1), ("nonsaturating", -1)):
            cost = sign * logsigmoid(-sign * score).sum()
            (pull,) = torch.autograd.grad(cost, x, retain_graph=True)
            found[name] += 2 * float(torch.trapezoid((q * pull * x / s).detach(), part))
    assert found["minimax"] == pytest.approx(linear.minimax_slope(s), abs=0.005)
    assert found["nonsaturating"] == pytest.approx(linear.nonsaturating_slope(s), abs=0.005)


@pytest.mark.parametrize("rise", [softplus, lambda t: 60 * torch.sigmoid(t / 2)])
@pytest.mark.parametrize("s", [0.7, 1.0, 1.16, 1.5])
def test_slopes_against_a_discriminator_without_a_jump(s, rise):
    """D*'s score inside and a rise to 1 across the ends, 10⁻³ wide, at the place where V is greatest; autograd."""
    h, width = math.sqrt(3) * s, 1e-3
    q = 1 / (2 * h)
    parts = [
        torch.linspace(a, b, 20_001, dtype=torch.float64) for a, b in ((0, h - 0.05), (h - 0.05, h), (h, h + 0.05))
    ]

    def score(x, place):
        return -(x**2) / 2 - math.log(2 * math.pi) / 2 - math.log(q) + rise((x - place) / width)

    def loss(place):
        p = [torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi) for x in parts[1:]]
        real = sum(torch.trapezoid(w * softplus(-score(x, place)), x) for w, x in zip(p, parts[1:], strict=True))
        return float(real + torch.trapezoid(q * softplus(score(parts[1], place)), parts[1]))

    place = minimize_scalar(loss, bounds=(h - 0.03, h + 0.03), method="bounded", options={"xatol": 1e-8}).x
    found = dict.fromkeys(("minimax", linear.CONTINUOUS), 0.0)
    for part in parts[:2]:
        x = part.clone().requires_grad_()
        for name, cost in (("minimax", -softplus(score(x, place))), (linear.CONTINUOUS, softplus(-score(x, place)))):
            (pull,) = torch.autograd.grad(cost.sum(), x)
            found[name] += 2 * float(torch.trapezoid((q * pull * x / s).detach(), part))
    for name, pull in found.items():
        assert pull == pytest.approx(linear.SLOPES[name](s), abs=0.01)


def test_the_ends_are_the_lowest_points():
    for cost, potential, at in (
        ("minimax", linear.best_value, 1.081987),
        ("nonsaturating", linear.nonsaturating_potential, 0.913891),
    ):
        found = minimize_scalar(potential, bounds=(0.3, 2.5), method="bounded", options={"xatol": 1e-9})
        assert linear.end(cost) == pytest.approx(found.x, abs=1e-5)
        assert linear.end(cost) == pytest.approx(at, abs=1e-6)
    assert linear.end(linear.CONTINUOUS) == pytest.approx(1.159630, abs=1e-6)
    assert linear.best_value(linear.end("minimax")) == pytest.approx(-1.29068, abs=1e-5)  # 0.0956 above −log 4
    assert linear.best_value(1.0) > linear.best_value(linear.end("minimax")) > -LN4


@pytest.mark.parametrize(("noise", "s"), [(0.2, 1.1), (0.5, 0.8)])
def test_noise_has_ends_where_the_divergences_of_what_d_sees_are_least(noise, s):
    x = torch.linspace(-9, 9, 36_001, dtype=torch.float64)
    cell = 18 / 36_000
    p = torch.exp(-(x**2) / (2 + 2 * noise**2)) / math.sqrt(2 * math.pi * (1 + noise**2))

    def seen(cost, s):
        h = math.sqrt(3) * s
        q = (torch.special.ndtr((x + h) / noise) - torch.special.ndtr((x - h) / noise)).clamp_min(1e-300) / (2 * h)
        twice_js = 2 * js(p, q, cell)
        return twice_js if cost == "minimax" else kl(q, p, cell) - twice_js

    for cost in ("minimax", "nonsaturating"):
        at = linear.noisy_end(cost, noise)
        assert seen(cost, at) < min(seen(cost, at - 0.01), seen(cost, at + 0.01), seen(cost, s))
    with pytest.raises(GansmithError, match="noise of sd 0 has no end of minimax"):
        linear.noisy_end("minimax", 0.0)


def test_little_noise_is_none():
    assert linear.noisy_end("nonsaturating", 0.01) == pytest.approx(linear.end("nonsaturating"), abs=0.002)
    assert linear.noisy_end("minimax", 0.01) == pytest.approx(linear.end("minimax"), abs=0.01)


@pytest.mark.parametrize("start", [0.3, 2.5])
@pytest.mark.parametrize("cost", linear.SLOPES)
def test_descent_ends_there_from_either_side(cost, start):
    way = linear.descent(cost, start, rate=0.2)
    assert way[-1] == pytest.approx(linear.end(cost), abs=1e-6)
    assert all((b - a) * (linear.end(cost) - start) > 0 for a, b in itertools.pairwise(way[:5]))


def test_mistakes_are_named():
    for function in (linear.best_value, linear.wasserstein, linear.reverse_kl, linear.minimax_slope):
        with pytest.raises(GansmithError, match=r"sd -1 .* above 0"):
            function(-1.0)
    with pytest.raises(GansmithError, match="did you mean 'minimax'"):
        linear.end("minmax")
    with pytest.raises(GansmithError, match="unknown cost 'hinge'"):
        linear.descent("hinge", 1.0)
