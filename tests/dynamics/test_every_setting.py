"""Every setting of every dynamics changes a run, and no dynamics is another."""

import dataclasses

import pytest
from tried import Case, tried, twins

from gansmith.dynamics import DYNAMICS
from gansmith.games.optimizers import Adam
from gansmith.recipes.composition import Recipe
from gansmith.terms import Adversarial

CRITICS = dataclasses.replace(
    Recipe(),
    terms=(Adversarial(), Adversarial(against="second")),
    players={name: Adam() for name in ("discriminator", "second", "generator")},
)
PUT_IN = {name: {"dynamics": name} for name in DYNAMICS.ours}
PUT_IN["lookahead"] |= {"lookahead_steps": 2}
CASES = {
    "leaders": Case({"n_critic": 2}, (2,), CRITICS),
    "lookahead_steps": Case(values=(1, 3)),
}
SETTINGS = list(tried(DYNAMICS, PUT_IN, CASES))


@pytest.mark.parametrize("one", SETTINGS, ids=str)
def test_a_setting_counts(one):
    assert one.differs(), f"{one} changes nothing"


def test_no_dynamics_is_another():
    assert twins(PUT_IN) == set()


@pytest.mark.parametrize("outer", ["consensus", "lookahead"])
def test_what_is_played_within_counts(outer):
    assert twins({inner: {**PUT_IN[outer], "inner": inner} for inner in ("alternating", "simultaneous")}) == set()
