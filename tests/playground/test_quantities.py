"""Quantities against what is known: densities, the best discriminator, and gradients by differences."""

import math

import pytest
import torch

from gansmith.data.toys import mixture
from gansmith.networks.output import DiscriminatorOutput
from gansmith.playground.density import Window, density, masses
from gansmith.playground.layers import generated, pulls, scores
from gansmith.playground.quantities import EXPLAINED, of_data
from gansmith.playground.session import Session
from gansmith.playground.setting import Setting
from gansmith.theory.divergences import js

SMALL = {"batch": 16, "hidden": 8}


@pytest.mark.parametrize("dimensions", [1, 2])
def test_density_is_the_mixture_of_its_kernels(dimensions):
    samples = torch.randn(50, dimensions, generator=torch.Generator().manual_seed(0))
    window = Window((0.1,) * dimensions, 3.0)
    known = mixture(samples, window.width, "").log_density(window.grid()).exp()
    torch.testing.assert_close(density(samples, window), known, rtol=1e-4, atol=1e-6)


def test_what_lies_beyond_the_window_is_not_lost():
    window = Window((0.0, 0.0), 1.0)
    here, away = torch.zeros(10, 2), torch.full((10, 2), 9.0)
    p, q = (masses(density(x, window), window) for x in (here, away))
    assert p.sum() == pytest.approx(1) and q[-1] == 1
    assert js(p, q) == pytest.approx(math.log(2), abs=1e-6) and js(p, p) == 0


def test_pull_is_the_slope_of_the_generators_cost():
    session = Session(Setting("ring", {**SMALL, "loss": "wasserstein"}))  # −E D(G(z)): its slope is that of D
    trainer, z = session.trainer, session.probes.z[:5]
    found = pulls(trainer, session.probes.real[:5], z)
    for network in trainer.game.networks.values():
        network.double()
    fake = generated(trainer, z.double())
    deviation, h = torch.tensor(trainer.rounds.scale.deviation), 1e-5
    for d in range(2):
        step = h * torch.eye(2, dtype=torch.double)[d]
        slope = (scores(trainer, fake + step) - scores(trainer, fake - step)) / (2 * h)
        torch.testing.assert_close(found[:, d].double(), slope * deviation[d] ** 2, rtol=1e-3, atol=1e-6)


def test_a_perfect_generator_and_a_blind_discriminator_are_told_as_such():
    session = Session(Setting("drawn", SMALL, ((-1.0, 0.0), (1.0, 0.0))))
    game, real = session.trainer.game, session.probes.real

    class Copy(torch.nn.Module):
        def forward(self, z):
            return session.trainer.rounds.scale.standardized(real[: len(z)])

    game.networks["generator"] = Copy()
    head = game.networks["discriminator"].head
    torch.nn.init.zeros_(head.weight)
    torch.nn.init.zeros_(head.bias)
    found = session.measure()
    assert found["js"] < 0.01 and found["sliced"] < 1e-6 and found["offset"] < 1e-6
    assert found["modes"] == 2 and found["held"] == 2 and found["quality"] > 0.97 and found["largest"] < 0.6
    assert found["middle"] == pytest.approx(0.5) and found["far"] == 0 and found["sure"] == 0 and found["pull"] == 0
    assert found["gap"] < 0.1  # D* is ½, but for how few samples there are
    assert set(found) <= set(EXPLAINED)


def test_quantities_that_the_data_do_not_allow_are_left_out():
    found = Session(Setting("moons", {**SMALL, "loss": "hinge"})).measure()
    assert not {"modes", "held", "gap", "middle", "far"} & set(found) and {"js", "sliced", "pull"} <= set(found)


def test_data_density_sums_to_one():
    session = Session(Setting("grid", SMALL))
    window = session.probes.window
    assert float(of_data(session.data, window).sum()) * window.cell == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("name", EXPLAINED)
def test_each_quantity_has_a_name_an_equation_and_a_sentence(name):
    title, equation, text = EXPLAINED[name]
    assert title and equation and not equation.endswith(".") and text.endswith(".")


def test_a_discriminator_that_is_sure_of_all_is_far_from_one_half_although_its_mean_is_not():
    session = Session(Setting("drawn", {**SMALL, "standardize": False}, ((-1.0, 0.0), (1.0, 0.0))))
    networks = session.trainer.game.networks

    class Zero(torch.nn.Module):
        def forward(self, z):
            return torch.zeros(len(z), 2)

    class Right(torch.nn.Module):  # of the data |x₁| is about 1
        def forward(self, x):
            return DiscriminatorOutput(60 * (x[:, 0].abs() - 0.5))

    networks["generator"], networks["discriminator"] = Zero(), Right()
    found = session.measure()
    assert found["middle"] == pytest.approx(0.5, abs=1e-3) and found["far"] == pytest.approx(0.5, abs=1e-3)


def test_the_distance_on_the_line_is_w1_and_in_the_plane_sliced():
    line, plane = (Session(Setting(name, SMALL)).measure() for name in ("normal", "ring"))
    assert "w1" in line and "sliced" not in line and "sliced" in plane and "w1" not in plane
