"""Hidden units: what is shown of them is what the network makes its score of."""

import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.playground.layers import generated, scores
from gansmith.playground.session import Session
from gansmith.playground.setting import Setting
from gansmith.playground.units import Unit, activations, drawings, field


def session(**chosen):
    one = Session(Setting(chosen.pop("data", "ring"), {"batch": 16, "hidden": 8, **chosen}))
    one.play(3)
    return one


def test_a_score_is_a_sum_of_the_last_layer():
    one = session()
    grid, head = one.probes.window.grid(), one.trainer.game.networks["discriminator"].head
    first, last = activations(one.trainer, "discriminator", grid)
    assert first.shape == last.shape == (1600, 8)
    with torch.no_grad():
        assert torch.allclose(head(last).squeeze(1), scores(one.trainer, grid), atol=1e-6)


def test_a_sample_is_a_sum_of_the_last_layer():
    one = session(standardize=False)
    _, last = activations(one.trainer, "generator", one.probes.z)
    with torch.no_grad():
        assert torch.allclose(
            one.trainer.game.networks["generator"].body[-1](last), generated(one.trainer, one.probes.z)
        )


def test_a_first_unit_is_bent_along_a_line():
    one = session(standardize=False)
    layer = one.trainer.game.networks["discriminator"].features[1]
    told = field(one.trainer, one.probes, Unit("discriminator", 0, 5))
    grid = one.probes.window.grid()
    straight = (grid @ layer.weight[5] + layer.bias[5]).detach()
    assert torch.allclose(told, torch.where(straight > 0, straight, 0.2 * straight), atol=1e-6)


def test_looking_inside_changes_nothing():
    one = session()
    before = one.trainer.game.networks["discriminator"].state_dict()
    kept = {name: value.clone() for name, value in before.items()}
    one.drawings("discriminator")
    one.look({}, Unit("generator", 1, 0))
    assert all(torch.equal(kept[name], value) for name, value in before.items())
    assert not any(part._forward_hooks for part in one.trainer.game.networks["discriminator"].modules())


@pytest.mark.parametrize(
    ("chosen", "player", "shape"),
    [
        ({}, "discriminator", (2, 8, 12, 12)),
        ({"latent": 1}, "generator", (2, 8, 1, 12)),
        ({"latent": 16, "hidden": 100}, "generator", (2, 64, 12, 12)),
        ({"data": "normal"}, "discriminator", (2, 8, 1, 12)),
        ({"discriminator_layers": 0}, "discriminator", (0, 0, 1, 12)),
    ],
)
def test_drawings_are_small_and_the_right_way_up(chosen, player, shape):
    one = session(**chosen)
    found = drawings(one.trainer, one.probes, player)
    assert tuple(found.shape) == shape and found.dtype == torch.uint8
    if shape[2] == 12 and player == "discriminator":
        value = field(one.trainer, one.probes, Unit(player, 0, 0)).reshape(40, 40)  # [x, y]
        corners = torch.stack([value[0, -1], value[-1, -1], value[0, 0], value[-1, 0]])  # as a page is read
        drawn = found[0, 0][[0, 0, -1, -1], [0, -1, 0, -1]].double() - 128
        assert torch.equal(corners.argsort(), drawn.argsort())


@pytest.mark.parametrize(
    "unit", [("discriminator", 2, 0), ("discriminator", 0, 8), ("generator", -1, 0), ("none", 0, 0)]
)
def test_a_unit_that_is_not_there_is_told(unit):
    one = session()
    with pytest.raises(GansmithError, match=r"has no unit|must be one of"):
        one.look({}, Unit(*unit))
