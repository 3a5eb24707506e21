"""What else moves is in closed form where what is seen is."""

import pytest
import torch

from gansmith.latent import Factors
from gansmith.latent.effects import Unsupervised, effects, unsupervised

PEOPLE = torch.randn(30, 3, generator=torch.Generator().manual_seed(0), dtype=torch.double)


def told(points):
    """Say the first coordinate, minus the first, and the square of the third."""
    return torch.stack([points[:, 0], -points[:, 0], points[:, 2].square() - 1], dim=1)


def move(points, i, value):
    """Move the first coordinate, whatever is asked for, so that 10 is lower than 90 by two."""
    return points + (value - 50) / 40 * torch.tensor([1.0, 0.0, 0.0]).double()


def test_what_is_moved_rises_and_all_else_changes_either_way():
    rise = ((PEOPLE[:, 0] + 1).sigmoid() - (PEOPLE[:, 0] - 1).sigmoid()).mean()
    found = effects(told, PEOPLE, [0, 1], move)
    expected = torch.stack([torch.stack([rise, rise, rise * 0]), torch.stack([rise, -rise, rise * 0])])
    torch.testing.assert_close(found, expected)  # what fell although it was moved up has a rise below zero


def test_no_move_has_no_effect():
    assert effects(told, PEOPLE, range(3), lambda points, i, value: points).abs().max() == 0


def turned():
    vectors = torch.tensor([[1.0, 0, 0], [0, 0, -1.0]]).double()
    return Factors(vectors, torch.ones(2), torch.ones(2) / 2)


def test_directions_without_labels_go_two_deviations_to_either_side():
    drawn = torch.cat([PEOPLE, -PEOPLE]) * torch.tensor([3.0, 1.0, 0.5])
    found = unsupervised("closed-form", turned(), drawn, told, PEOPLE.float())
    spread = drawn.std(dim=0)[[0, 2]]
    torch.testing.assert_close(found.spread, spread)
    ends = [PEOPLE[:, 0].float() + sign * 2 * spread[0] for sign in (-1, 1)]
    change = (ends[1].double().sigmoid() - ends[0].double().sigmoid()).mean()
    torch.testing.assert_close(found.changes[0, :2], torch.stack([change, change]), rtol=1e-5, atol=0)
    assert found.changes[0, 2] == 0 and found.moves[0] in (0, 1) and found.moves[1] == 2
    torch.testing.assert_close(found.correlation[0, :2], torch.tensor([1.0, -1.0]).double())
    along = found.along(PEOPLE, 1, 1.5)
    torch.testing.assert_close(
        along.double() - PEOPLE, torch.tensor([0, 0, -1.5]) * spread[1].expand(30, 3), atol=1e-6, rtol=0
    )
    assert along.dtype == torch.float32 and isinstance(found, Unsupervised)


@pytest.mark.parametrize("curve", [1.0, -1.0])
def test_ranks_do_not_mind_how_steep_it_is(curve):
    steep = lambda points: curve * 9 * points[:, :1] ** 3  # noqa: E731
    found = unsupervised("any", turned(), PEOPLE / 2, steep, 0.01 * PEOPLE.float())
    assert float(found.correlation[0, 0]) == pytest.approx(curve)
