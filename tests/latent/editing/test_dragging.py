"""A blob whose place is the latent is dragged to where it shall be."""

import dataclasses
import math

import pytest
import torch
from torch import nn

from gansmith.errors import GansmithError
from gansmith.generators import Prior, TrainedGenerator
from gansmith.latent import Coordinates, Pull, Space, drag
from gansmith.latent.editing.carrying import carried
from gansmith.latent.editing.dragging import _at, _far, _Features, _found, _motion

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


@pytest.mark.parametrize("side", [16, 17, 32, 33])
def test_features_are_the_last_maps_of_half_the_side_as_large_as_the_picture(side):
    class Maps(nn.Module):
        def __init__(self):
            super().__init__()
            self.small, self.early, self.last, self.whole = (nn.Identity() for _ in range(4))
            self.weight = nn.Parameter(torch.zeros(1))

        def forward(self, z):
            half = self.early(z[:, :1, None, None] + torch.arange(side // 2.0)[:, None] * torch.ones(side // 2))
            self.small(half[..., : side // 3, : side // 3])
            half = self.last(half.sin())
            return self.whole(nn.functional.interpolate(half, size=(side, side)) * 0.1)

    network = Maps().eval()
    coordinates = Coordinates(Space(TrainedGenerator(network, (1, side, side), Prior(2))))
    u = torch.tensor([[0.3, -1.0]])
    with _Features(coordinates) as features:
        x, f = features(u, None)
    torch.testing.assert_close(x, coordinates.pictures(u))
    z = coordinates.points(u)
    half = (z[:, :1, None, None] + torch.arange(side // 2.0)[:, None] * torch.ones(side // 2)).sin()
    expected = nn.functional.interpolate(half, size=(side, side), mode="bilinear", align_corners=True)
    torch.testing.assert_close(f, expected)
    assert not any(layer._forward_hooks for layer in network.modules())


def test_without_such_maps_the_picture_is_looked_at():
    plain = nn.Sequential(nn.Linear(2, 64), nn.Unflatten(1, (1, 8, 8)), nn.Tanh()).eval()
    coordinates = Coordinates(Space(TrainedGenerator(plain, (1, 8, 8), Prior(2))))
    with _Features(coordinates) as features:
        x, f = features(torch.zeros(1, 2), None)
    torch.testing.assert_close(f, x)


@pytest.fixture
def slope():
    """Features (x, y) of maps whose values are their own places."""
    y, x = torch.meshgrid(torch.arange(9.0), torch.arange(13.0), indexing="ij")
    return torch.stack([x, y])[None]


def test_features_are_read_between_pixels_and_held_at_the_edge(slope):
    places = torch.tensor([[0.0, 0.0], [12.0, 8.0], [3.25, 7.5], [-4.0, 20.0]])
    torch.testing.assert_close(_at(slope, places), torch.tensor([[0.0, 0.0], [12.0, 8.0], [3.25, 7.5], [0.0, 8.0]]))


@pytest.mark.parametrize("sought", [1, 3])
def test_a_point_is_found_where_its_features_are_nearest_within_reach(slope, sought):
    for goal in ((6.0, 5.0), (5.0, 3.0), (9.0, 0.0)):
        found = _found(slope, torch.tensor([6.0, 4.0]), torch.tensor(goal), sought)
        expected = [max(at - sought, min(at + sought, to)) for at, to in zip((6.0, 4.0), goal, strict=True)]
        assert found.tolist() == expected
    assert _found(slope, torch.tensor([12.0, 0.0]), torch.tensor([20.0, -5.0]), sought).tolist() == [12.0, 0.0]


def test_the_pull_is_a_pixel_towards_each_target_that_is_not_reached(slope):
    """On a slope of 1 a pixel's way along x changes the features by 1 in one of two, of a mean of all of them."""
    pull = Pull(around=1, there=1.0)
    handles, mean = torch.tensor([[6.0, 4.0], [3.0, 3.0]]), float(slope.mean())
    for targets, moved in (
        ([[10.0, 4.0], [3.0, 3.0]], 0.5),
        ([[10.0, 4.0], [3.0, 5.0]], 1.0),
        ([[6.5, 4.0], [3.0, 4.0]], 0.0),  # as near as it need be
        ([[9.0, 8.0], [3.0, 3.0]], 0.5 * (3 + 4) / 5),
    ):
        assert float(_motion(slope, handles, torch.tensor(targets), pull)) == pytest.approx(moved / mean, rel=1e-4)


def test_what_is_held_still_or_close_moves_less(coordinates):
    moves = [((15.0, 15.0), (22.0, 15.0))]
    free = Pull(still=0, close=0, prior=0, steps=15)
    loose = drag(coordinates, torch.zeros(1, 2), moves, free)
    for name in ("close", "prior", "still"):
        held = drag(coordinates, torch.zeros(1, 2), moves, dataclasses.replace(free, free=1.0, **{name: 30.0}))
        assert held.points[1].norm() < 0.8 * loose.points[1].norm(), name
    off = coordinates.points(torch.tensor([[1.0, 1.0]]))
    near, home = (
        drag(coordinates, off, moves, dataclasses.replace(free, **{name: 30.0})) for name in ("close", "prior")
    )
    assert (near.points[1] - off[0]).norm() < 0.3 < (home.points[1] - off[0]).norm()


def test_styles_that_the_mapping_does_not_make_are_kept_away_from(untrained):
    coordinates = Coordinates(Space(untrained("styles")))
    start, moves = coordinates.space.drawn(1, seed=3), [((2.0, 2.0), (6.0, 5.0))]
    free = Pull(still=0, close=0, prior=0, rate=0.05, steps=20, there=0.1)
    strange = [
        float(coordinates.strangeness(coordinates.of(drag(coordinates, start, moves, pull).points[1:])))
        for pull in (dataclasses.replace(free, strange=0.0), dataclasses.replace(free, strange=3.0))
    ]
    assert strange[1] < 0.5 * strange[0]


def test_steps_end_when_all_points_are_there_or_all_are_taken(coordinates):
    far = [((15.0, 15.0), (25.0, 15.0))]
    few = drag(coordinates, torch.zeros(1, 2), far, Pull(steps=3))
    assert few.steps == 3 and few.left.item() > 1 and few.before.shape == (1, SIDE, SIDE)
    torch.testing.assert_close(few.left, (torch.tensor([[25.0, 15.0]]) - few.handles).norm(dim=1))
    made = coordinates.space.images(few.points)
    torch.testing.assert_close(made, torch.stack([few.before, few.after]), atol=1e-4, rtol=0)


@pytest.mark.parametrize("change", [0.03, 0.059, 0.13, 0.21, -0.5])
def test_a_change_is_carried_from_where_it_is_seen_and_whole_where_it_is_large(change):
    """Below 0.06 nothing, above 0.2 all of it, and in between a share that grows with it."""
    photograph = torch.rand(1, 32, 32, generator=torch.Generator().manual_seed(0)) - 0.5
    before = torch.zeros(1, 8, 8)
    made = carried(photograph, before, before + change) - photograph
    part = min(1.0, max(0.0, (abs(change) - 0.06) / (0.2 - 0.06)))
    torch.testing.assert_close(made, torch.full_like(made, part * change), atol=1e-5, rtol=0)
    assert carried(photograph, before, before + 9).max() == 1


def test_features_of_hardly_any_size_pull_hardly_at_all(slope):
    """Below a millionth they are rounding: what they say is not made as large as what others say."""
    pull, handles, targets = Pull(around=1), torch.tensor([[6.0, 4.0]]), torch.tensor([[10.0, 4.0]])
    usual = float(_motion(slope, handles, targets, pull))
    for size, share in ((1.0, 1.0), (1e-5, 1.0), (1e-7, 0.1), (1e-8, 0.01)):
        told = float(_motion(size * slope / slope.mean(), handles, targets, pull))
        assert told == pytest.approx(share * usual, rel=0.02)
