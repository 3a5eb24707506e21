"""Stacked digits: three digits as the channels of one image."""

import pytest
import torch

from gansmith.data import Source, open_dataset
from gansmith.errors import GansmithError

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def stacked():
    return open_dataset(Source("stacked:digits"))


def test_the_class_is_that_of_the_three_channels(stacked):
    """Every channel is one of the base's images, and its label the joint class's digit in that place."""
    x, labels, _ = next(stacked.batches(20, 0, 0, CPU))
    assert x.shape == (20, 3, 8, 8) and stacked.shape == (3, 8, 8) and x.min() == -1
    base = next(stacked.base.batches(1797, 0, 0, CPU))
    for image, label in zip(x, labels.tolist(), strict=True):
        digits = [int(base.labels[(base.x[:, 0] == channel).flatten(1).all(1)][0]) for channel in image]
        assert stacked.label_names[label] == "".join(map(str, digits))


def test_channels_are_independent_and_frequencies_exact(stacked):
    labels = torch.cat([next(stacked.batches(5000, 1, i, CPU)).labels for i in range(4)])
    a, b, c = labels // 100, labels // 10 % 10, labels % 10
    for one, other in ((a, b), (b, c), (a, c)):
        assert abs(float(torch.corrcoef(torch.stack([one, other]).double())[0, 1])) < 0.03
    counts = stacked.base.labels.bincount().double() / 1797
    assert stacked.frequencies.shape == (1000,) and float(stacked.frequencies.sum()) == pytest.approx(1)
    assert float(stacked.frequencies[457]) == pytest.approx(float(counts[4] * counts[5] * counts[7]))


def test_order_is_a_function_of_seed_and_position(stacked):
    stream = stacked.batches(6, 3, 0, CPU)
    second = [next(stream) for _ in range(2)][1]
    again = next(stacked.batches(6, 3, 1, CPU))
    assert torch.equal(second.x, again.x) and torch.equal(second.labels, again.labels)
    assert not torch.equal(second.x, next(stacked.batches(6, 4, 1, CPU)).x)
    assert stacked.description.startswith("stacked: endless images, 8x8, colour, three of digits")
    assert stacked.description.endswith("1,000 modes")


@pytest.mark.parametrize("name", ["stacked:ring", "stacked:stacked:digits"])
def test_only_labelled_gray_images_can_be_stacked(name):
    with pytest.raises(GansmithError, match="needs labelled gray images that fit into memory"):
        open_dataset(Source(name))


def test_an_unknown_base_is_named():
    with pytest.raises(GansmithError, match="unknown data set 'digitz': did you mean 'digits'"):
        open_dataset(Source("stacked:digitz"))
