"""Each preset fails as its name says, and its cure does not: on the same seed, in the number that it names."""

import pytest

from gansmith.playground.presets import PRESETS, preset
from gansmith.playground.quantities import EXPLAINED
from gansmith.playground.session import Session


def reached(one, cured):
    session = Session(one.setting(cured))
    session.play(max(one.steps - 50, 0))
    session.measure()
    session.play(one.steps - session.steps_done)
    assert session.trouble is None
    return session.measure()[one.measure]


@pytest.mark.parametrize("one", PRESETS, ids=lambda one: one.name)
def test_it_fails_and_its_cure_does_not(one):
    fails, cured = reached(one, False), reached(one, True)
    assert one.fails[0] <= fails <= one.fails[1], f"{one.measure} = {fails}"
    assert one.cured[0] <= cured <= one.cured[1], f"{one.measure} = {cured}"


@pytest.mark.parametrize("one", PRESETS, ids=lambda one: one.name)
def test_failure_and_cure_differ_in_the_cure_alone(one):
    fails, cured = one.setting().values, one.setting(True).values
    assert {name for name in fails if fails[name] != cured[name]} == set(one.cure)
    assert "seed" not in one.cure
    assert one.measure in EXPLAINED and preset(one.name) is one
    assert one.fails[1] < one.cured[0] or one.cured[1] < one.fails[0]
    assert one.look.endswith(".") and one.why.endswith(".")
