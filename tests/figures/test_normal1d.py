"""The film's densities, and its first frames."""

import importlib
import itertools
import math

import pytest
import torch

from gansmith.training.trainer import Trainer

film = importlib.import_module("gansmith.figures.normal1d")  # the package gives the function of that name


def test_the_generators_density_is_that_of_a_known_one(monkeypatch):
    """G(z) = z/2 + 1 of z ~ U[−8, 8] is U[−3, 5]."""
    generator = torch.nn.Linear(1, 1)
    torch.nn.init.constant_(generator.weight, 0.5)
    torch.nn.init.constant_(generator.bias, 1.0)
    trainer = Trainer.__new__(Trainer)
    trainer.game = type("Game", (), {"networks": {"generator": generator}})()
    with torch.no_grad():
        density = film.generator_density(trainer)
    inside = (film.X > -3) & (film.X < 5)
    torch.testing.assert_close(density, torch.where(inside, 1 / 8, 0.0).double(), atol=1e-3, rtol=0)


def test_a_short_film():
    found = film.normal1d(steps=100, frames=3)
    assert len(found.frames) == 3 and len({frame.size for frame in found.pictures()}) == 1
    assert found.numbers["W₁ at step 100"] < found.numbers["W₁ at step 0"]
    assert 0 < found.numbers["|D − ½| at step 100"] <= 0.5
    assert found.numbers["W₁ at step 0"] == pytest.approx(5, abs=0.2)  # it starts around 0


@pytest.mark.slow
def test_at_the_end_of_the_film_d_is_beside_one_half_and_g_beside_the_data():
    found = film.normal1d(frames=2).numbers
    assert found[f"W₁ at step {film.LAST}"] < 0.06 and found[f"|D − ½| at step {film.LAST}"] < 0.03
    assert found[f"value at step {film.LAST}"] == pytest.approx(-math.log(4), abs=0.02)


def test_frames_are_many_and_close_where_most_happens():
    steps = film.seen_at(film.LAST, film.FRAMES)
    assert 40 <= len(set(steps)) <= 60 and steps[-1] == film.LAST
    gaps = [b - a for a, b in itertools.pairwise(steps)]
    assert gaps == sorted(gaps) or max(abs(a - b) for a, b in zip(gaps, sorted(gaps), strict=True)) <= 10
