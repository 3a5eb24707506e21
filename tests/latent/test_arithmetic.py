"""Latent arithmetic."""

import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.latent import with_difference


def test_the_difference_of_means_is_added_to_others():
    points = torch.tensor([[1.0, 0.0], [3.0, 2.0], [0.0, 5.0], [0.0, 7.0], [3.0, 6.0]])
    has = torch.tensor([True, True, False, False, False])
    others = torch.tensor([[10.0, 10.0], [0.0, -1.0]])
    difference = torch.tensor([1.0, -5.0])
    assert torch.equal(with_difference(others, points, has), others + difference)
    assert torch.equal(with_difference(others, points, has, -2.0), others - 2 * difference)
    assert torch.equal(with_difference(others, points, ~has), others - difference)
    assert torch.equal(with_difference(others, points, has.int()), others + difference)


def test_what_has_no_difference_is_named():
    points = torch.zeros(4, 2)
    with pytest.raises(GansmithError, match="0 of 4 have the attribute"):
        with_difference(points, points, torch.zeros(4, dtype=torch.bool))
    with pytest.raises(GansmithError, match="4 of 4 have the attribute"):
        with_difference(points, points, torch.ones(4, dtype=torch.bool))
    for others, has in ((torch.zeros(1, 3), torch.ones(4)), (points, torch.ones(3)), (points[0], torch.ones(4))):
        with pytest.raises(GansmithError, match=r"are not \(M, d\), \(N, d\), \(N,\)"):
            with_difference(others, points, has)
