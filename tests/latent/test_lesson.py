"""What a predictor learns from: attributes, or classes where there are labels alone."""

import numpy as np
import pytest
import torch

from gansmith.data.images import Resident
from gansmith.errors import GansmithError
from gansmith.latent import lesson_of

PIXELS = torch.arange(30, dtype=torch.uint8)[:, None, None, None].expand(30, 1, 4, 4).contiguous()
LABELS = torch.arange(30) % 3
KNOWN = torch.stack([torch.arange(30) / 30, torch.ones(30), (torch.arange(30) > 9).float()], dim=1)
NAMES = ["a", "same", "c"]


def by_image(lesson):
    """Return the attributes in the order of the images."""
    order = lesson.images[:, 0, 0, 0].long().argsort()
    return lesson.attributes[order]


def test_attributes_that_change_are_taken():
    lesson = lesson_of(Resident(PIXELS, LABELS, ["x", "y", "z"], "these", KNOWN, NAMES))
    assert lesson.names == ("a", "c") and lesson.description == "these" and lesson.images.dtype == torch.uint8
    assert torch.equal(by_image(lesson), KNOWN[:, [0, 2]])
    np.testing.assert_allclose(lesson.ties, np.corrcoef(KNOWN[:, [0, 2]].numpy().T), atol=1e-6)


def test_classes_are_attributes_where_there_are_no_others_or_they_are_named():
    lesson = lesson_of(Resident(PIXELS, LABELS, ["x", "y", "z"], "these"))
    assert lesson.names == ("x", "y", "z")
    assert torch.equal(by_image(lesson), torch.eye(3)[LABELS])
    torch.testing.assert_close(lesson.ties, 2 * torch.eye(3).double() - 1)
    both = lesson_of(Resident(PIXELS, LABELS, ["x", "y", "z"], "these", KNOWN, NAMES), ["y", "c", "y"])
    assert both.names == ("y", "c")
    assert torch.equal(by_image(both), torch.stack([(LABELS == 1).float(), KNOWN[:, 2]], dim=1))


def test_what_cannot_be_a_lesson_is_named():
    data = Resident(PIXELS, None, [], "these", KNOWN, NAMES)
    with pytest.raises(GansmithError, match="unknown attribute 'b'"):
        lesson_of(data, ["b"])
    with pytest.raises(GansmithError, match="these: same is the same in all images: leave it out of --attributes"):
        lesson_of(data, ["a", "same"])
    with pytest.raises(GansmithError, match="these: nothing is known of these images: name data with attributes or"):
        lesson_of(Resident(PIXELS, None, [], "these"))
    with pytest.raises(GansmithError, match="read from images, and these are vectors"):
        lesson_of(Resident(torch.zeros(9, 2), None, [], "these"))
    many = Resident(PIXELS, LABELS, [str(i) for i in range(65)], "these")
    with pytest.raises(GansmithError, match="65 attributes are too many, 64 are the most: choose some by --attributes"):
        lesson_of(many)
    assert lesson_of(many, ["1", "2"]).names == ("1", "2")
