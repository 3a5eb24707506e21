"""Arrays: vectors and images in every usual form."""

import numpy as np
import pytest
import torch

from gansmith.data import Source, open_dataset
from gansmith.data.images import Streaming


@pytest.fixture
def save(tmp_path):
    def path_of(array=None, **arrays):
        path = tmp_path / ("a.npz" if arrays else "a.npy")
        np.savez_compressed(path, **arrays) if arrays else np.save(path, array)
        return str(path)

    return path_of


def colour(pixels):
    return np.stack([pixels, 255 - pixels, pixels // 2], axis=1)


def test_bytes_come_through_in_every_layout(save, pixels):
    rgb = colour(pixels)
    for array, expected in (
        (pixels, pixels[:, None]),
        (pixels[..., None], pixels[:, None]),
        (pixels[:, None], pixels[:, None]),
        (rgb, rgb),
        (rgb.transpose(0, 2, 3, 1), rgb),
        (pixels > 100, np.where(pixels > 100, 255, 0)[:, None]),
    ):
        assert np.array_equal(open_dataset(Source(save(array))).samples.numpy(), expected), array.shape


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_floats_in_either_range_become_the_bytes_they_came_from(save, pixels, dtype):
    for array in (pixels / 255, pixels / 127.5 - 1):
        assert np.array_equal(open_dataset(Source(save(array.astype(dtype)))).samples[:, 0].numpy(), pixels)


def test_streamed_arrays_are_the_resident_ones(save, pixels):
    path = save(image=colour(pixels), label=np.arange(12) % 3)
    resident, stream = (open_dataset(Source(path, resident_limit=limit, workers=0)) for limit in (2.0, 0.0))
    assert isinstance(stream, Streaming)
    a, b = (next(d.batches(30, 0, 0, torch.device("cpu"))) for d in (resident, stream))
    assert torch.equal(a.x, b.x) and torch.equal(a.labels, b.labels)


def test_vectors_stay_floats(save):
    points = np.random.default_rng(0).normal(size=(20, 3))
    dataset = open_dataset(Source(save(points)))
    assert dataset.shape == (3,) and dataset.samples.dtype == torch.float32
    np.testing.assert_allclose(dataset.samples.numpy(), points, rtol=1e-6)
    batch = next(dataset.batches(20, 0, 0, torch.device("cpu"))).x
    np.testing.assert_allclose(np.sort(batch[:, 0].numpy()), np.sort(points[:, 0]), rtol=1e-6)
    assert open_dataset(Source(save(points[:, 0]))).shape == (1,)


def test_labels_are_numbered_in_sorted_order(save, pixels):
    words = np.array(["fox", "ant", "fox", "bee"] * 3)
    dataset = open_dataset(Source(save(images=pixels, labels=words)))
    assert dataset.label_names == ["ant", "bee", "fox"]
    assert dataset.labels.tolist() == [2, 0, 2, 1] * 3 and dataset.labels.dtype == torch.int64


def test_columns_can_be_chosen(save, pixels):
    path = save(left=pixels, right=255 - pixels, kind=np.arange(12) // 6, labels=np.arange(12))
    dataset = open_dataset(Source(path, image_column="right", label_column="kind"))
    assert np.array_equal(dataset.samples[:, 0].numpy(), 255 - pixels)
    assert dataset.labels.tolist() == [0] * 6 + [1] * 6


@pytest.mark.parametrize(("values", "black"), [(None, 0), ((0.0, 1.0), 0), ((1.0, 0.0), 255)])
def test_truths_are_black_and_white(save, values, black):
    truths = np.random.default_rng(0).random((6, 8, 8)) > 0.5
    found = open_dataset(Source(save(truths), values=values))
    bytes_ = found.samples[:, 0].numpy()
    assert np.array_equal(bytes_ == 255 - black, truths) and np.array_equal(bytes_ == black, ~truths)
