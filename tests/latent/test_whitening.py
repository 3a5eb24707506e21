"""Whitened coordinates: mean 0, covariance 1, and nothing where the points do not vary."""

import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.latent import whitening_of


@pytest.fixture
def points():
    """3000 points in 6 dimensions that lie in a space of 4, off the origin."""
    rng = torch.Generator().manual_seed(0)
    return torch.randn(3000, 4, generator=rng) @ torch.randn(4, 6, generator=rng) + torch.arange(6.0)


def test_whitened_points_have_mean_zero_and_covariance_one_in_the_directions_there_are(points):
    to = whitening_of(points)
    u = to.whitened(points).double()
    assert to.rank == 4 and u.shape == (3000, 4)
    torch.testing.assert_close(u.mean(dim=0), torch.zeros(4, dtype=u.dtype), rtol=0, atol=1e-5)
    torch.testing.assert_close(u.T.cov(), torch.eye(4, dtype=u.dtype), rtol=0, atol=1e-5)
    torch.testing.assert_close(to.root.T @ to.root, points.double().T.cov())
    torch.testing.assert_close(to.root @ to.inverse, torch.eye(4, dtype=u.dtype))


def test_there_and_back(points):
    to = whitening_of(points)
    torch.testing.assert_close(to.points(to.whitened(points)), points, rtol=0, atol=1e-4)
    step = torch.randn(10, 4)
    moved = to.moved(points[:10], step)
    torch.testing.assert_close(to.whitened(moved) - to.whitened(points[:10]), step, rtol=0, atol=1e-4)


def test_without_a_step_points_stay_the_same_bits_even_off_the_space(points):
    to = whitening_of(points)
    off = points[:50] + torch.randn(50, 6)
    assert torch.equal(to.moved(off, torch.zeros(50, 4)), off)
    left = to.moved(off, torch.ones(50, 4)) - off  # what lies off the space is not moved
    torch.testing.assert_close(left, to.root.sum(dim=0).float().expand(50, -1), rtol=0, atol=1e-5)


def test_fewer_points_than_dimensions():
    points = torch.randn(5, 9)
    to = whitening_of(points)
    assert to.rank == 4
    torch.testing.assert_close(to.points(to.whitened(points)), points, rtol=0, atol=1e-4)


@pytest.mark.parametrize("points", [torch.randn(1, 3), torch.full((9, 3), 2.0), torch.full((9, 3), float("nan"))])
def test_points_that_say_nothing_are_refused(points):
    with pytest.raises(GansmithError, match="whitening: "):
        whitening_of(points)


def test_directions_with_a_millionth_of_the_largest_variance_are_the_least():
    exact = torch.randn(500, 3, generator=torch.Generator().manual_seed(0)).double()
    exact = exact - exact.mean(dim=0)
    exact = exact @ torch.linalg.inv(torch.linalg.cholesky(exact.T @ exact / 499)).T  # of covariance 1
    for small, rank in ((3e-3, 3), (2e-3, 3), (5e-4, 2), (1e-5, 2)):
        to = whitening_of(exact * torch.tensor([1.0, 2.0, small]))
        assert to.rank == rank and (to.root.norm(dim=1).diff() < 0).all()  # the widest first
        assert to.root.norm(dim=1)[0] == pytest.approx(2, rel=1e-6)


def test_the_largest_number_of_each_direction_is_positive(points):
    """So that it is the same direction wherever it is computed."""
    for at in (points, -points, points.flip(1)):
        to = whitening_of(at)
        for rows in (to.root, to.inverse.T):
            assert (rows.gather(1, rows.abs().argmax(dim=1, keepdim=True)) > 0).all()
    torch.testing.assert_close(whitening_of(-points).root, whitening_of(points).root)
