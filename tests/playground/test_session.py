"""Playing, winding back and going on: the same numbers, bit for bit; and looking changes none of them."""

import math

import numpy as np
import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.playground import session as module
from gansmith.playground.layers import LAYERS
from gansmith.playground.session import Session
from gansmith.playground.setting import Setting
from gansmith.training.assemble import assemble

SMALL = {"batch": 16, "hidden": 8}
ALL = dict.fromkeys(LAYERS, True)


def weights(session):
    return [p.detach().clone() for player in session.trainer.game.players.values() for p in player.parameters]


def same(a, b):
    return all(torch.equal(x, y) for x, y in zip(a, b, strict=True))


@pytest.mark.parametrize("chosen", [{}, {"dynamics": "optimistic"}, {"dynamics": "lookahead"}, {"latent": 1}])
def test_going_back_and_on_gives_the_same_bits(chosen):
    session = Session(Setting("ring", {**SMALL, **chosen}))
    session.play(30)
    first, costs = weights(session), list(session.costs)
    session.go(10)
    assert session.steps_done == 10 and not same(first, weights(session))
    session.play(20)
    assert same(first, weights(session)) and session.costs == costs
    session.reset()
    assert session.steps_done == 0 and session.costs == [] and session.kept == [0]
    session.play(30)
    assert same(first, weights(session)) and session.costs == costs


def test_looking_changes_nothing():
    seen, unseen = (Session(Setting("ring", SMALL)) for _ in range(2))
    for _ in range(5):
        seen.play(2)
        seen.look(ALL)
        seen.measure()
        unseen.play(2)
    assert same(weights(seen), weights(unseen))


def test_it_is_the_run_that_the_library_makes():
    setting = Setting("moons", {**SMALL, "n_critic": 2})
    session, trainer = Session(setting), assemble(setting.recipe(), setting.dataset())
    session.play(7)
    for _ in trainer.steps(7):
        pass
    own = [p for player in trainer.game.players.values() for p in player.parameters]
    assert same(weights(session), own)


def test_parts_of_a_step_are_told_and_its_numbers_are_those_of_the_whole():
    whole, parts = (Session(Setting("ring", {**SMALL, "n_critic": 2})) for _ in range(2))
    seen = []
    whole.play(2)
    for _ in range(2):
        parts.in_parts(seen.append)
    assert seen == [["discriminator"], ["discriminator"], ["generator"]] * 2
    assert same(weights(whole), weights(parts))
    together = Session(Setting("ring", {**SMALL, "dynamics": "simultaneous"}))
    seen.clear()
    together.in_parts(seen.append)
    assert seen == [["discriminator", "generator"]]


@pytest.mark.parametrize(("who", "moves"), [("discriminator", 0), ("generator", 1)])
def test_one_alone_is_trained(who, moves):
    session = Session(Setting("ring", SMALL))
    players = list(session.trainer.game.players.values())
    before = [[p.clone() for p in player.parameters] for player in players]
    session.train(who)
    session.play(3)
    changed = [not same(old, player.parameters) for old, player in zip(before, players, strict=True)]
    assert changed == [i == moves for i in range(2)]
    assert math.isnan(session.costs[-1][2 - moves]) and not math.isnan(session.costs[-1][1 + moves])
    with pytest.raises(GansmithError, match="train = nobody must be one of"):
        session.train("nobody")


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(module, "KEPT", 4)
    monkeypatch.setattr(module, "ROWS", 30)
    session = Session(Setting("ring", SMALL))
    session.play(100)
    assert len(session.kept) <= 5 and session.kept[0] == 0
    assert len(session.costs) <= 100
    session.play(1)
    assert len(session.costs) <= 60 and session.trainer.window == []
    with pytest.raises(GansmithError, match="step 3 is not kept"):
        session.go(3)


def test_large_networks_are_kept_less_often():
    session = Session(Setting("ring", {"hidden": 256, "discriminator_layers": 6, "generator_layers": 6, "batch": 8}))
    session.play(170)
    size = sum(t.nbytes for network in session.trainer.game.networks.values() for t in network.state_dict().values())
    assert 8 <= len(session.kept) <= 16 and 3 * size * len(session.kept) < 2**27
    session.go(session.kept[1])


def test_trouble_is_told_and_ends_the_play():
    session = Session(Setting("ring", {**SMALL, "loss": "wasserstein", "generator.lr": 10.0, "discriminator.lr": 10.0}))
    session.play(300)
    if session.trouble is None:
        session.trainer.game.networks["generator"].body[1].weight.data.fill_(float("nan"))
        session.play(1)
    assert "cost is" in session.trouble and "\n" not in session.trouble
    session.reset()
    assert session.trouble is None


def test_layers_are_small_and_of_their_kinds():
    session = Session(Setting("grid", SMALL))
    found = session.look(ALL)
    assert found["heat"].dtype == np.uint8 and found["heat"].shape == (1600,)
    assert found["warp"].shape == (17, 17, 2) and found["pull"].shape == found["from"].shape
    assert sum(a.nbytes for a in found.values()) < 40_000
    assert "heat" not in session.look({"samples": True})
    line = Session(Setting("normal", {**SMALL, "latent": 1})).look(ALL)
    assert line["p"].shape == line["q"].shape == line["heat"].shape == (200,) and line["warp"].shape == (200, 1)
    assert "warp" not in Session(Setting("ring", {**SMALL, "latent": 3})).look(ALL)
    assert "q" not in Session(Setting("normal", SMALL)).look({"samples": True})  # on the line it is a layer too


def test_the_heat_map_comes_nearer_to_one_half_where_samples_are():
    # Steps 40 to 100 of the default game: D has seen through the first G, and G has caught up. Later D finds finer
    # faults of G, so that the distance does not fall for ever.
    session, distance = Session(Setting()), {}
    for step in (40, 100):
        session.play(step - session.steps_done)
        found = session.look({"heat": True, "density": True})
        both = session._density.numpy() + found["q"]
        region = both > 0.05 * both.max()
        distance[step] = float(np.abs(found["heat"][region] / 255 - 0.5).mean())
        assert session.measure()["far"] == pytest.approx(distance[step], abs=0.03)
    assert distance[100] < 0.5 * distance[40] and distance[40] > 0.1
