"""Where a step's time goes."""

import itertools

import pytest
import torch

from gansmith import recipe
from gansmith.errors import GansmithError
from gansmith.runs import profile as module
from gansmith.runs.profile import REST, profile
from gansmith.training.assemble import assemble
from gansmith.training.device import peak
from gansmith.training.stopwatch import Stopwatch, looked_into

SMALL = {"device": "cpu", "hidden": 8, "latent": 2, "batch": 8, "steps": 100, "evaluate_samples": 64}
STEP = ["data", "generator forward", "discriminator forward", "loss", "optimiser", "averaging", REST]
BACKWARD = ["discriminator backward", "generator backward"]
WATCHERS = ["warning signs", "logging", "pictures", "evaluation", "checkpoints", "curves"]


@pytest.fixture(autouse=True)
def quick_peak(monkeypatch):
    monkeypatch.setattr(module.device, "peak", lambda device: 1e9)


def test_parts_of_a_step_add_up_to_it():
    found = profile(recipe("wgan-gp", data="ring", **SMALL), steps=5)
    parts = found.parts
    assert set(parts) == {*STEP, *BACKWARD, *WATCHERS, "gradient penalty"}
    assert all(spent >= 0 for spent in parts.values())
    of_the_step = sum(spent for name, spent in parts.items() if name not in WATCHERS)
    assert of_the_step == pytest.approx(found.step)
    assert found.total == pytest.approx(found.step + sum(parts[name] for name in WATCHERS))
    assert parts[REST] < 0.5 * found.step


def test_operations_are_those_of_the_products():
    """Without hidden layers, D(x) = wx + b and G(z) = Wz + b: every product can be counted by hand."""
    changes = {"generator_layers": 0, "discriminator_layers": 0, "ema": 0.0, "evaluate_every": 0}
    found = profile(recipe("nsgan", data="ring", **{**SMALL, **changes}), steps=1)
    generator, discriminator = 8 * 2 * 2 * 2, 8 * 2 * 1 * 2  # batch, inputs, outputs, a product and a sum
    d_move = generator + 2 * discriminator + 2 * discriminator  # G(z), D of real and fake, two gradients of weights
    g_move = discriminator + discriminator + generator  # D(G(z)), through D, G's weights; the fakes are there already
    assert d_move + g_move <= found.flops <= d_move + g_move + generator  # who makes the fakes twice pays once more
    assert "averaging" not in found.parts and "evaluation" not in found.parts


def test_nothing_stays_wrapped():
    trainer = assemble(recipe("r3gan", data="ring", **SMALL))
    before = trainer.rounds, trainer.game.costs, [vars(p).copy() for p in trainer.game.players.values()]
    costs = {player: dict(shares) for player, shares in before[1].items()}
    watch = Stopwatch()
    with looked_into(trainer, watch):
        trainer.run(2)
        assert {"r1", "r2", "loss"} <= set(watch.seconds)
    counted = dict(watch.seconds)
    trainer.run(4)
    assert watch.seconds == counted
    assert trainer.rounds is before[0] and trainer.game.costs is before[1] and trainer.game.costs == costs
    assert [set(vars(p)) for p in trainer.game.players.values()] == [set(b) for b in before[2]]


def test_looking_changes_no_number():
    weights = []
    for look in (False, True):
        trainer = assemble(recipe("dragan", data="ring", **SMALL))
        if look:
            with looked_into(trainer, Stopwatch()):
                trainer.run(3)
        else:
            trainer.run(3)
        weights.append(torch.cat([p.detach().flatten() for p in trainer.game.networks["generator"].parameters()]))
    assert torch.equal(*weights)


def test_inner_time_is_taken_off_the_outer(monkeypatch):
    clock = itertools.count()  # ticks whenever somebody looks
    monkeypatch.setattr("time.perf_counter", lambda: float(next(clock)))
    watch = Stopwatch()
    with watch.measure("outer"):  # looks at 0
        for _ in range(3):
            with watch.measure("inner"):  # from 1 to 2, 3 to 4, 5 to 6
                pass
    # looked at 7
    with watch.measure("whole", whole=True), watch.measure("inside"):  # from 8 to 9
        pass
    assert watch.seconds == {"outer": 4.0, "inner": 3.0, "whole": 1.0}


def test_no_steps_are_refused():
    with pytest.raises(GansmithError, match="steps = 0 must be at least 1"):
        profile(recipe("nsgan", data="ring", **SMALL), steps=0)


def test_peak_is_a_rate():
    assert 1e7 < peak(torch.device("cpu"), seconds=0.0) < 1e14
