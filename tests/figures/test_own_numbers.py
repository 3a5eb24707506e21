"""Every number that a figure takes as a flag counts: another one is another figure, and the caption says it."""

import importlib
import inspect

import pytest

from gansmith.figures import FIGURES, figure

SHORT = {
    "clipping": ({"steps": 2}, "after 2 moves"),
    "naive-critic": ({"steps": 20}, "after 20 moves"),
    "transport": ({"steps": 1}, "trained critic"),
    "two-answers": ({"steps": 2}, "after 2 steps"),
    "optimal-discriminator": ({"steps": 6}, "After 60 moves"),
    "cross-entropy": ({"at": 5.0}, "slope 4 at s = 5 against 0.0067"),
    "losses": ({"at": 2.0}, "Pull at s = −2"),
}
WITHOUT = {"diagrams", "linear-generator"}
"""Figures that have no number of their own to change."""


def test_every_figure_takes_its_numbers():
    assert {name for name, draw in FIGURES.items() if not inspect.signature(draw).parameters} == WITHOUT


@pytest.mark.parametrize("name", SHORT)
def test_a_number_is_said(name):
    numbers, said = SHORT[name]
    assert said in figure(name, **numbers).caption


def test_the_dirac_gan_moves_by_its_rate():
    found = figure("dirac", eta=1e-6, steps=3)
    assert "3 steps of 1e-06" in found.caption
    assert all(left == pytest.approx(2**0.5, abs=1e-4) for left in found.numbers.values())


def test_the_spiral_of_rates_is_as_long_as_asked(monkeypatch):
    module = importlib.import_module("gansmith.figures.rates")
    monkeypatch.setattr(module, "_every_dynamics", lambda axes: 0.7)
    monkeypatch.setattr(module, "_two_time_scales", lambda axes: {0.0: (1.0, 1.0), 0.1: (2.0, 0.9)})
    found = figure("rates", steps=20)
    assert "after 20 steps" in found.caption
    assert found.numbers["growth at 0.2"] == pytest.approx(1.04**10)


def test_what_a_transport_critic_reaches_depends_on_its_steps():
    early, late = (figure("transport", steps=steps).numbers["line trained"] for steps in (1, 20))
    assert early < late < 2


def test_a_classifier_is_surer_further_away(monkeypatch):
    module = importlib.import_module("gansmith.figures.densities")
    monkeypatch.setitem(module.GAN, "steps", 1)
    near, far = (figure("densities", far=far).numbers for far in (2.0, 4.0))
    assert 0.5 < near["P(right | far)"] < far["P(right | far)"]
    assert far["log p(far)"] < near["log p(far)"] - 5


def test_clip_and_penalty_reach_the_critics(monkeypatch):
    module = importlib.import_module("gansmith.figures.value_surface")
    made = []

    def note(recipe, data):
        made.append(recipe)
        return recipe.vectors.discriminator((2,))

    monkeypatch.setattr(module, "train_critic", note)
    caption = figure("value-surface", clip=0.05, penalty=2.0).caption
    assert "±0.05" in caption and "2 E(‖∇D‖ − 1)²" in caption
    clips = [recipe.players["discriminator"].weight_clip for recipe in made]
    assert clips == [0.05] * 3 + [0.0] * 3
    assert [term.weight for recipe in made[3:] for term in recipe.terms if hasattr(term, "one_sided")] == [2.0] * 3
