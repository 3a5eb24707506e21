"""What is shown of a sample: holes lie anywhere and are whole, small pictures are means, and answers keep to both."""

import pytest
import torch
from torch.nn.functional import avg_pool2d

from gansmith.errors import GansmithError
from gansmith.networks import FAMILIES
from gansmith.networks.seen import Masked, Nothing, Small

RNG = torch.Generator().manual_seed(0)
X = torch.rand(600, 2, 8, 8, generator=RNG) * 2 - 1


def holes(seen, x=X):
    """Return what is shown, and where the holes are."""
    shown = seen.show(x, torch.Generator().manual_seed(1))
    assert shown.shape[1:] == seen.shape(tuple(x.shape[1:]))
    away = (shown[:, :-1] != x).any(dim=1)
    return shown, away


@pytest.mark.parametrize(("hole", "side"), [(0.5, 4), (0.25, 2), (0.75, 6), (0.13, 1), (0.9, 7)])
def test_holes_are_whole_and_lie_in_every_place_equally_often(hole, side):
    shown, away = holes(Masked(hole))
    assert (away.sum(dim=(1, 2)) == side**2).all()
    rows, columns = (away.any(dim=axis).int().argmax(dim=1) for axis in (2, 1))
    for corner in (rows, columns):
        counts = corner.bincount(minlength=9 - side)
        expected = len(X) / (9 - side)
        assert len(counts) == 9 - side and 0.5 * expected < counts.min() and counts.max() < 1.6 * expected
    assert torch.equal(shown[:, -1] > 0, away) and (shown[:, -1].abs() == 1).all()


def test_a_hole_in_the_middle_is_in_the_middle():
    _, away = holes(Masked(0.5, "centre"))
    expected = torch.zeros(8, 8, dtype=torch.bool)
    expected[2:6, 2:6] = True
    assert (away == expected).all()


def test_an_answer_is_what_was_shown_and_what_was_made_in_the_hole():
    seen = Masked(0.5)
    shown, away = holes(seen)
    made = torch.full_like(X, 0.25)
    kept = seen.kept(made, shown)
    assert torch.equal(kept, torch.where(away[:, None], made, X))
    pictured = seen.pictured(shown, (2, 8, 8))
    assert pictured.shape == X.shape and torch.equal(pictured, shown[:, :2])


@pytest.mark.parametrize("shrink", [2, 4])
def test_small_pictures_are_means_and_answers_have_them(shrink):
    seen = Small(shrink)
    shown = seen.show(X, RNG)
    assert shown.shape[1:] == seen.shape((2, 8, 8)) == (2, 8 // shrink, 8 // shrink)
    torch.testing.assert_close(shown, avg_pool2d(X, shrink))
    made = torch.rand(600, 2, 8, 8, generator=RNG)
    torch.testing.assert_close(avg_pool2d(seen.kept(made, shown), shrink), shown, atol=1e-5, rtol=0)
    pictured = seen.pictured(shown, (2, 8, 8))
    assert pictured.shape == X.shape
    torch.testing.assert_close(avg_pool2d(pictured, shrink), shown)
    assert pictured[:, :, :shrink, :shrink].flatten(2).std(dim=2).max() < 1e-6


def test_of_nothing_nothing_is_shown_and_nothing_kept():
    seen = Nothing()
    assert seen.shape((2, 8, 8)) == () and seen.show(X, RNG).numel() == 0 and len(seen.show(X, RNG)) == 600
    assert seen.kept(X, X[:, :0]) is X and seen.pictured(X, (2, 8, 8)) is X


@pytest.mark.parametrize("sample", [(1, 8, 8), (3, 8, 8)])
def test_what_cannot_be_shown_is_named(sample):
    for hole in (0.01, 0.99):
        with pytest.raises(GansmithError, match="of a picture of 8 pixels is no hole"):
            Masked(hole).shape(sample)
    for hole in (0.13, 0.9):
        assert Masked(hole).shape(sample) == (sample[0] + 1, 8, 8)
    with pytest.raises(GansmithError, match="shrink = 3 must divide the side of the pictures, 8 pixels"):
        Small(3).shape(sample)
    for seen in (Masked(), Small()):
        with pytest.raises(GansmithError, match="is a picture, and these samples are vectors"):
            seen.shape((2,))


@pytest.mark.parametrize("name", FAMILIES.ours)
def test_a_family_of_images_alone_is_one_that_makes_no_vectors(name):
    family = FAMILIES.ours[name]()
    if getattr(family, "images_only", False):
        with pytest.raises((GansmithError, IndexError, ValueError, AttributeError, RuntimeError)):
            family.generator(3, (2,))(torch.randn(4, 3)), family.discriminator((2,))(torch.randn(4, 2)).logits
        return
    assert family.generator(3, (2,))(torch.randn(4, 3)).shape == (4, 2)
    assert family.discriminator((2,))(torch.randn(4, 2)).logits.shape == (4,)
