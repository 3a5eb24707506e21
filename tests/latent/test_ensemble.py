"""Several predictors are one: the mean of their logits, scored on what none has seen, and whole in a file."""

import pytest
import torch

from gansmith.data.images import Resident
from gansmith.data.portraits import ATTRIBUTES, draw
from gansmith.errors import GansmithError
from gansmith.latent import Ensemble, Member, Predictor, ensemble_of, lesson_of
from gansmith.latent.ensemble import reader_from
from gansmith.latent.fitting import explained
from gansmith.latent.kept import MEMBERS, SHOWN_EACH
from gansmith.latent.predictor import held_rows

NAMES = ("a", "b", "c")


@pytest.fixture(scope="module")
def lesson():
    images, attributes = draw(0, range(120), 32)
    return lesson_of(Resident(images, None, [], "faces", attributes, list(ATTRIBUTES)))


@pytest.fixture(scope="module")
def ensemble(lesson):
    return ensemble_of(lesson, shown=400, members=(Member(4), Member(6, pooled=True), Member(4)))


def test_it_is_the_mean_of_its_members_who_differ(ensemble, lesson):
    each = torch.stack([member.logits(lesson.images) for member in ensemble.members])
    torch.testing.assert_close(ensemble.logits(lesson.images), each.mean(dim=0))
    assert all((each[i] - each[j]).abs().mean() > 0.005 for i, j in ((0, 1), (0, 2), (1, 2)))  # forms, and seeds
    assert [bool(member.pooled) for member in ensemble.members] == [False, True, False]
    assert ensemble.names == lesson.names and ensemble.shape == (3, 32, 32)


def test_it_is_scored_on_what_no_member_has_seen(ensemble, lesson):
    held, rows = held_rows(120)
    assert len(held) == ensemble.scores.images == 12 and sorted([*held.tolist(), *rows.tolist()]) == list(range(120))
    p = ensemble.logits(lesson.images[held]).sigmoid()
    torch.testing.assert_close(ensemble.scores.r2, explained(p, lesson.attributes[held].float()), equal_nan=True)


def test_a_file_of_half_precision_holds_the_same_one(ensemble, lesson):
    state = {
        name: tensor.half() if tensor.is_floating_point() else tensor for name, tensor in ensemble.state_dict().items()
    }
    again = reader_from(state, ensemble.shape, ensemble.names).eval()
    assert isinstance(again, Ensemble)
    assert torch.equal(again.logits(lesson.images), ensemble.logits(lesson.images))


@pytest.mark.parametrize("pooled", [False, True])
def test_one_predictor_is_read_back_as_what_it_is(pooled):
    torch.manual_seed(0)
    one = Predictor((3, 20, 20), NAMES, 4, 16, pooled).eval()
    again = reader_from(one.state_dict(), one.shape, NAMES).eval()
    x = torch.rand(5, 3, 20, 20) * 2 - 1
    assert isinstance(again, Predictor) and torch.equal(again.logits(x), one.logits(x))


def test_more_than_ten_members_keep_their_order():
    torch.manual_seed(0)
    many = Ensemble(Predictor((1, 8, 8), NAMES, 2, 4) for _ in range(12))
    again = reader_from(many.state_dict(), many.shape, NAMES)
    assert all(torch.equal(a, b) for a, b in zip(many.parameters(), again.parameters(), strict=True))


def test_pooled_convolutions_see_every_pixel():
    torch.manual_seed(0)
    for pooled in (False, True):
        convolutions = [
            layer for layer in Predictor((3, 64, 64), NAMES, 4, pooled=pooled).body if hasattr(layer, "stride")
        ]
        strides = [layer.stride for layer in convolutions if isinstance(layer, torch.nn.Conv2d)]
        assert strides == [(2, 2)] + 3 * [(1, 1) if pooled else (2, 2)]


def test_what_is_no_ensemble_is_refused():
    for members in ([], [Predictor((1, 8, 8), NAMES, 2), Predictor((1, 8, 8), NAMES[:2], 2)]):
        with pytest.raises(GansmithError, match="an ensemble needs"):
            Ensemble(members)


def test_the_usual_members_are_of_two_forms():
    assert {one.pooled for one in MEMBERS} == {False, True} and len(MEMBERS) == 4 and SHOWN_EACH == 60_000
