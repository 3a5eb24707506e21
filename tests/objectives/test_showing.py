"""What is shown of a picture: masks touch only what they cover, and answers keep to what was seen."""

import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.networks.seen import Masked, Nothing, Small
from gansmith.objectives.showing import enlarged, filled, hole, shrunk, with_hole

X = torch.rand(6, 3, 16, 16, generator=torch.Generator().manual_seed(0)) * 2 - 1
MADE = torch.rand(6, 3, 16, 16, generator=torch.Generator().manual_seed(1)) * 2 - 1


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


def test_a_hole_is_a_square_at_its_corner():
    mask = hole(torch.tensor([[0, 0], [2, 5], [8, 8]]), 8, (3, 16, 16))
    assert mask.shape == (3, 1, 16, 16) and mask.sum(dim=(1, 2, 3)).tolist() == [64, 64, 64]
    assert mask[1, 0, 2:10, 5:13].all() and mask[2, 0, 8:, 8:].all()


@pytest.mark.parametrize("seen", [Masked(0.5), Masked(0.25), Masked(0.5, "centre")])
def test_masks_touch_only_what_they_cover(seen):
    shown = seen.show(X, rng())
    assert shown.shape[1:] == seen.shape((3, 16, 16))
    covered = shown[:, -1:] > 0
    side = round(16 * seen.hole)
    assert (covered.sum(dim=(1, 2, 3)) == side**2).all()
    outside = (~covered).expand_as(X)
    assert torch.equal(shown[:, :-1][outside], X[outside]) and not shown[:, :-1][~outside].any()
    kept = seen.kept(MADE, shown)
    assert torch.equal(kept[outside], X[outside]) and torch.equal(kept[~outside], MADE[~outside])
    assert torch.equal(seen.pictured(shown, (3, 16, 16)), shown[:, :-1])


def test_gradients_reach_the_hole_alone():
    shown = Masked().show(X, rng())
    made = MADE.clone().requires_grad_()
    filled(made, shown).sum().backward()
    assert torch.equal(made.grad, (shown[:, -1:] > 0).expand_as(X).float())


def test_holes_are_anywhere_or_in_the_middle():
    x = torch.zeros(4000, 1, 8, 8)
    covered = (Masked(0.5).show(x, rng())[:, -1] > 0).float().mean(dim=0)
    assert covered.min() > 1 / 25 - 0.02 and covered.max() < 16 / 25 + 0.05 and covered[3, 3] > 0.5  # 5 x 5 places
    middle = Masked(0.5, "centre").show(x, rng())[:, -1] > 0
    assert middle[:, 2:6, 2:6].all() and middle.sum() == 4000 * 16
    assert torch.equal(Masked().show(X, rng(3)), Masked().show(X, rng(3)))
    assert not torch.equal(Masked().show(X, rng(3)), Masked().show(X, rng(4)))


@pytest.mark.parametrize("times", [2, 4])
def test_an_enlarged_picture_s_small_picture_is_what_was_shown(times):
    shown = Small(times).show(X, rng())
    assert shown.shape[1:] == Small(times).shape((3, 16, 16))
    square = X[2, 1, times : 2 * times, times : 2 * times]
    assert shown[2, 1, 1, 1].item() == pytest.approx(square.mean().item(), abs=1e-6)
    kept = Small(times).kept(MADE, shown)
    torch.testing.assert_close(shrunk(kept, times), shown)
    torch.testing.assert_close(enlarged(kept, shown), kept)  # a projection
    torch.testing.assert_close(enlarged(X, shown), X)  # the sample itself is an answer
    change, other = kept - MADE, X - kept
    assert float((change * other).sum()) == pytest.approx(0, abs=1e-3)  # and no answer is nearer
    assert Small(times).pictured(shown, (3, 16, 16)).shape == X.shape


def test_nothing_is_shown_of_what_is_made_of_noise():
    assert Nothing().shape((3, 16, 16)) == () and torch.equal(Nothing().kept(MADE, X), MADE)


@pytest.mark.parametrize(
    ("seen", "shape", "told"),
    [
        (Masked(), (2,), "seen = masked is a picture"),
        (Small(), (2,), "seen = small is a picture"),
        (Small(3), (1, 16, 16), "shrink = 3 must divide the side of the pictures, 16"),
        (Masked(0.0), (1, 16, 16), "hole = 0 of a picture of 16 pixels is no hole"),
        (Masked(0.99), (1, 16, 16), "hole = 0.99 of a picture of 16 pixels is no hole"),
    ],
)
def test_what_cannot_be_shown_is_told(seen, shape, told):
    with pytest.raises(GansmithError, match=told):
        seen.shape(shape)


def test_the_mask_stands_beside_the_picture():
    mask = hole(torch.zeros(6, 2, dtype=torch.long), 4, (3, 16, 16))
    assert with_hole(X, mask)[:, -1].unique().tolist() == [-1, 1]
