"""Where the time of a step goes: every part by its name, and nothing of the watch stays."""

import itertools

import pytest

import gansmith
from gansmith.training import stopwatch
from gansmith.training.assemble import assemble
from gansmith.training.stopwatch import Stopwatch, looked_into

PARTS = {
    *(f"{player} {way}" for player in ("generator", "discriminator") for way in ("forward", "backward")),
    "optimiser",
}


def test_what_lies_inside_is_taken_off(monkeypatch):
    seconds = itertools.count()
    monkeypatch.setattr(stopwatch.time, "perf_counter", lambda: float(next(seconds)))  # a second at each look
    watch = Stopwatch()
    with watch.measure("outer"), watch.measure("inner"):
        pass
    with watch.measure("whole", whole=True), watch.measure("inner"):
        pass
    assert watch.seconds == {"outer": 2.0, "inner": 1.0, "whole": 1.0}


@pytest.mark.parametrize("averaged", [True, False])
def test_every_part_of_a_step_has_its_name(averaged):
    settings = {"data": "ring", "hidden": 8, "latent": 4, "batch": 8, "device": "cpu", "steps": 2, "evaluate_every": 0}
    trainer = assemble(gansmith.recipe("nsgan", **settings, ema=0.9 if averaged else 0.0))
    watch, before = Stopwatch(), [dict(vars(one)) for one in trainer.game.players.values()]
    with looked_into(trainer, watch):
        trainer.step()
    assert {*watch.seconds} >= PARTS | ({"averaging"} if averaged else set())
    assert ("averaging" in watch.seconds) == averaged and min(watch.seconds.values()) >= 0
    measured = dict(watch.seconds)
    trainer.step()
    assert watch.seconds == measured and [vars(one).keys() for one in trainer.game.players.values()] == [
        one.keys() for one in before
    ]
