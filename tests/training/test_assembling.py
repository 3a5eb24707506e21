"""Every recipe is put together on small data: who moves what, and each network takes what it is given."""

import pytest
import torch
from torch import nn

import gansmith
from gansmith.errors import DivergedError
from gansmith.training.assemble import assemble
from gansmith.training.trainer import UNREAD

TINY = {"batch": 4, "latent": 4, "device": "cpu", "evaluate_every": 0, "steps": 4}
IMAGES = {"data": "digits", "image_size": 16, "width": 4}


@pytest.mark.parametrize("name", ["bigan", "vae", "vae-gan", "infogan", "acgan", "replay", "ebgan", "lecam", "margin"])
def test_networks_that_terms_bring_play_their_part(name):
    """A step moves the weights of every network that a player has, and of no other."""
    trainer = assemble(gansmith.recipe(name, **TINY | IMAGES))
    game = trainer.game
    moved = {id(p) for player in game.players.values() for p in player.parameters}
    before = {id(p): p.detach().clone() for network in game.networks.values() for p in network.parameters()}
    for _ in range(2):
        trainer.step()
    for called, network in game.networks.items():
        mine = [p for p in network.parameters() if id(p) in moved]
        changed = [not torch.equal(before[id(p)], p) for p in network.parameters()]
        assert any(changed) == bool(mine), called
        assert all(not one for one, p in zip(changed, network.parameters(), strict=True) if id(p) not in moved), called
    assert all(value.isfinite() for value in trainer.latest.values())
    assert len(moved) == len({id(p) for network in game.networks.values() for p in network.parameters()} & moved)


def own_pair():
    torch.manual_seed(0)
    return nn.Linear(4, 2), nn.Linear(2, 1)


def test_costs_that_nobody_reads_are_kept_for_a_while_and_no_longer(monkeypatch):
    """A loop of one's own without a journal: the last of them are there, each once and in order."""
    monkeypatch.setattr("gansmith.training.trainer.UNREAD", 3)
    trainer = assemble(gansmith.recipe("nsgan", **TINY | {"steps": 99}), torch.randn(8, 2), own_pair())
    costs = []
    for _ in range(8):
        trainer.step()
        costs.append({name: float(cost) for name, cost in trainer.latest.items()})
        assert len(trainer.window) <= 3 + 3
    trainer.settle()
    kept = trainer.window
    assert kept == costs[-len(kept) :] and 3 <= len(kept) <= 6 <= UNREAD
    trainer.settle()  # nothing is read twice
    assert trainer.window is kept and len(kept) <= 6


def test_the_step_at_which_a_cost_was_no_number_is_told_though_it_is_read_later():
    trainer = assemble(gansmith.recipe("nsgan", **TINY | {"steps": 99}), torch.randn(8, 2), own_pair())
    trainer.step()
    trainer.step()
    trainer._unread[1] = dict(trainer._unread[1], generator=torch.tensor(float("inf")))
    trainer.step()
    with pytest.raises(DivergedError, match="the generator's cost is inf at step 2"):
        trainer.settle()


def test_weights_that_are_no_numbers_are_told_with_whose_they_are():
    trainer = assemble(gansmith.recipe("nsgan", **TINY), torch.randn(8, 2), own_pair())
    trainer.step()
    trainer.check_weights()
    with torch.no_grad():
        trainer.game.networks["discriminator"].weight[0, 1] = float("nan")
    with pytest.raises(DivergedError, match="the discriminator's weights are no longer finite at step 1"):
        trainer.check_weights()


def test_people_see_the_average_where_there_is_one():
    for decay in (0.9, 0.0):
        trainer = assemble(gansmith.recipe("nsgan", **TINY | {"ema": decay}), torch.randn(8, 2), own_pair())
        trainer.step()
        seen = trainer.trained().generator
        assert seen is (trainer.ema.module if decay else trainer.game.networks["generator"])
        assert trainer.trained().made_by["step"] == 1
