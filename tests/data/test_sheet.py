"""The sheet of a data set: what is counted on it, and what is said of it."""

import numpy as np
import pytest
import torch

from gansmith.data import Source, open_dataset
from gansmith.data.images import Resident
from gansmith.data.sheet import NEAR, sheet, told


def images(count, side=16, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (count, 1, side, side), dtype=np.uint8)


def resident(samples, labels=None, names=()):
    return Resident(torch.from_numpy(samples), labels, [*names], "pictures")


def test_copies_and_near_ones_are_counted_once_each():
    """Of a pair that is alike, one is counted: three of the same picture are two copies, two that are near are one."""
    pictures = images(6)
    near = pictures[:1].copy()
    near[0, 0, 0, 0] ^= 1  # a shade of one pixel
    facts = sheet(resident(np.concatenate([pictures, pictures[1:2], pictures[1:2], near])))
    assert (facts["exact_duplicates"], facts["near_duplicates"]) == (2, 1)
    assert (sheet(resident(pictures))["exact_duplicates"], sheet(resident(pictures))["near_duplicates"]) == (0, 0)
    assert NEAR > 2 / 255 / 16
    vectors = sheet(open_dataset(Source("ring")))
    assert vectors["near_duplicates"] is None and "nearly" not in told(vectors)[-1]


def test_classes_have_their_shares_and_what_has_none_is_counted():
    labels = torch.tensor([0, 0, 0, 1, -1])
    facts = sheet(resident(images(5), labels, ["cat", "dog"]))
    assert facts["classes"] == {"cat": 0.75, "dog": 0.25} and facts["unlabelled"] == 1
    lines = told(facts)
    assert "classes: cat 75.0%, dog 25.0%" in lines and "without a label: 1" in lines
    plain = sheet(resident(images(5)))
    assert plain["classes"] == {} and plain["unlabelled"] == 0 and not any("class" in line for line in told(plain))


def test_pictures_that_cannot_be_decoded_are_counted(folder):
    assert sheet(open_dataset(Source(str(folder))))["undecodable"] == 0
    for name in ("a.png", "b.png"):
        (folder / "cat" / name).write_bytes(b"no picture")
    with pytest.warns(UserWarning, match="skipped 2 of 14 images"):
        facts = sheet(open_dataset(Source(str(folder))))
    assert facts["undecodable"] == 2 and facts["count"] == 12
    assert "cannot be decoded, and left out: 2" in told(facts)
