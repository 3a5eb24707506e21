"""The digits are scikit-learn's, in bytes, with their labels."""

import importlib.util

import numpy as np
import pytest
import torch
from scipy.stats import rankdata
from sklearn.datasets import load_digits

from gansmith.data import Source, open_dataset
from gansmith.errors import GansmithError


def test_shades_become_bytes_exactly_and_labels_stay():
    bunch, digits = load_digits(), open_dataset(Source("digits"))
    assert digits.samples.dtype == torch.uint8 and digits.shape == (1, 8, 8)
    assert np.array_equal(np.round(digits.samples[:, 0].numpy() * (16 / 255)), bunch.images)
    assert (digits.samples.min(), digits.samples.max()) == (0, 255)
    assert digits.labels.tolist() == bunch.target.tolist()
    assert digits.label_names == [str(i) for i in range(10)]


def test_where_they_do_not_lie_it_is_said_in_a_line(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(GansmithError, match="--data digits: they come with scikit-learn, which is not installed"):
        open_dataset(Source("digits"))


def test_their_attributes_are_what_the_classes_and_the_ink_say():
    found = open_dataset(Source("digits", image_size=8))
    known = dict(zip(found.attribute_names, found.attributes.T, strict=True))
    assert torch.equal(known["even"], (found.labels % 2 == 0).float())
    ink = found.samples.double().sum(dim=(1, 2, 3))
    assert torch.corrcoef(torch.stack([ink, known["bold"].double()]))[0, 1] > 0.95
    assert ink[known["bold"] == 0] == ink.min() and ink[known["bold"] == 1] == ink.max()


def test_ink_and_the_slope_of_strokes_are_told_as_ranks():
    images = load_digits().images
    found = open_dataset(Source("digits", image_size=8))
    known = dict(zip(found.attribute_names, found.attributes.double().numpy().T, strict=True))
    place = np.linspace(-1, 1, 8)
    lean = []
    for image in images:
        x, y = np.meshgrid(place, place)
        weight = image / image.sum()
        x, y = x - (weight * x).sum(), y - (weight * y).sum()
        lean.append(
            -(weight * x * y).sum() / (weight * y * y).sum()
        )  # a line's: x falls as y, which points down, rises
    for name, values in (("bold", images.sum(axis=(1, 2))), ("leaning", np.array(lean))):
        assert sorted(known[name]) == pytest.approx(np.arange(len(images)) / (len(images) - 1))
        apart = known[name] - (rankdata(values) - 1) / (len(images) - 1)
        assert np.abs(apart).mean() < 0.01  # but for ties


def test_their_size_is_the_one_asked_for_or_the_one_the_network_makes():
    assert open_dataset(Source("digits", image_size=12), lambda side: 64).shape == (1, 12, 12)
    assert open_dataset(Source("digits"), lambda side: 2 * side).shape == (1, 16, 16)
