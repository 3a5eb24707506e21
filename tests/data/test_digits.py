"""The digits are scikit-learn's, in bytes, with their labels."""

import numpy as np
import torch
from sklearn.datasets import load_digits

from gansmith.data import Source, open_dataset


def test_shades_become_bytes_exactly_and_labels_stay():
    bunch, digits = load_digits(), open_dataset(Source("digits"))
    assert digits.samples.dtype == torch.uint8 and digits.shape == (1, 8, 8)
    assert np.array_equal(np.round(digits.samples[:, 0].numpy() * (16 / 255)), bunch.images)
    assert (digits.samples.min(), digits.samples.max()) == (0, 255)
    assert digits.labels.tolist() == bunch.target.tolist()
    assert digits.label_names == [str(i) for i in range(10)]


def test_their_size_is_the_one_asked_for_or_the_one_the_network_makes():
    assert open_dataset(Source("digits", image_size=12), lambda side: 64).shape == (1, 12, 12)
    assert open_dataset(Source("digits"), lambda side: 2 * side).shape == (1, 16, 16)
