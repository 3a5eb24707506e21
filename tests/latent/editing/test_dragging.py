"""A blob whose place is the latent is dragged to where it shall be."""

import math

import pytest
import torch
from torch import nn

from gansmith.errors import GansmithError
from gansmith.generators import Prior, TrainedGenerator
from gansmith.latent import Coordinates, Space, drag
from gansmith.latent.editing.carrying import carried
from gansmith.latent.editing.dragging import _far

SIDE = 32


class Blob(nn.Module):
    """z → a bright spot at 15.5 + 5 z, on maps of half the side and then enlarged."""

    def __init__(self):
        super().__init__()
        self.maps = nn.Identity()
        self.unused = nn.Parameter(torch.zeros(1))

    def forward(self, z):
        place = torch.arange(SIDE // 2) * (SIDE - 1) / (SIDE // 2 - 1)
        x, y = (15.5 + 5 * z[:, i, None] for i in (0, 1))
        column, row = (torch.exp(-((place - at) ** 2) / 18) for at in (x, y))
        maps = self.maps(row[:, None, :, None] * column[:, None, None, :] * 2 - 1)
        return nn.functional.interpolate(maps, size=(SIDE, SIDE), mode="bilinear", align_corners=True)


@pytest.fixture
def coordinates():
    return Coordinates(Space(TrainedGenerator(Blob().eval(), (1, SIDE, SIDE), Prior(2))))


@pytest.mark.parametrize("target", [(22.0, 15.0), (15.0, 9.0), (10.0, 21.0)])
def test_a_point_arrives_and_the_picture_has_moved(coordinates, target):
    found = drag(coordinates, torch.zeros(1, 2), [((15.0, 15.0), target)])
    place = 15.5 + 5 * found.points[1]
    assert (place - torch.tensor(target)).abs().max() < 2.5 and found.left.max() <= 1.5
    assert (found.after - found.before).abs().max() > 0.5 and found.steps < 60


def test_a_point_that_is_there_already_hardly_moves(coordinates):
    found = drag(coordinates, torch.zeros(1, 2), [((15.0, 15.0), (15.0, 15.0))])
    assert found.steps == 1 and found.points[1].abs().max() < 0.1


@pytest.mark.parametrize("moves", [[], [((1.0, 1.0), (40.0, 1.0))], [((-1.0, 1.0), (4.0, 1.0))]])
def test_moves_outside_the_picture_are_named(coordinates, moves):
    with pytest.raises(GansmithError, match="drag: give moves within the picture of 32x32"):
        drag(coordinates, torch.zeros(1, 2), moves)


def test_what_is_farther_than_the_free_distance_from_every_place_is_held():
    places = [(2.0, 1.5), (6.0, 3.0)]
    far = _far(torch.tensor(places), (5, 9), 2.5)
    assert far.shape == (5, 9)
    for row in range(5):
        for column in range(9):
            assert far[row, column] == all(math.dist((column, row), place) > 2.5 for place in places)


def test_an_edit_is_carried_to_the_photograph_and_its_details_stay():
    photograph = torch.rand(3, 64, 64) * 0.6 - 0.3
    before = torch.zeros(3, 16, 16)
    after = before.clone()
    after[0, :8] = 0.5
    made = carried(photograph, before, after)
    assert torch.equal(made[:, 40:], photograph[:, 40:])  # bit for bit where nothing changed
    torch.testing.assert_close(
        made[:, :20] - photograph[:, :20], torch.tensor([0.5, 0, 0])[:, None, None].expand(3, 20, 64), atol=0.06, rtol=0
    )
    assert torch.equal(carried(photograph, before, before), photograph)
    with pytest.raises(GansmithError, match="carrying back"):
        carried(photograph[:1], before, after)
