"""Folders of images: what is found in them, and in which order."""

import tracemalloc

import numpy as np
import pytest

from gansmith.data import Source, open_dataset, room
from gansmith.errors import GansmithError


def test_subfolders_are_classes_in_alphabetical_order(folder, pixels):
    dataset = open_dataset(Source(str(folder)))
    assert dataset.label_names == ["cat", "dog"]
    assert dataset.labels.tolist() == [0] * 5 + [1] * 7
    assert dataset.description == "pets: 12 images, 8x8, gray"


def test_images_that_lie_in_only_one_subfolder_have_no_classes(folder):
    dataset = open_dataset(Source(str(folder / "cat")))
    assert dataset.labels is None and dataset.label_names == []
    assert len(dataset.samples) == 5


def test_an_image_beside_the_classes_has_no_label_and_takes_none_from_others(folder, pixels, encode):
    (folder / "loose.png").write_bytes(encode(pixels[0]))
    dataset = open_dataset(Source(str(folder)))
    assert dataset.label_names == ["cat", "dog"]
    assert dataset.labels.tolist() == [0] * 5 + [1] * 7 + [-1]


def test_only_visible_images_count_and_case_does_not_matter(folder, pixels, encode):
    deep = folder / "cat" / "more" / "B.JPEG"
    hidden = folder / ".thumbnails" / "a.png"
    for path in (deep, hidden, folder / "cat" / ".b.png"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(encode(pixels[0], "JPEG" if path is deep else "PNG"))
    (folder / "notes.txt").write_text("no image")
    dataset = open_dataset(Source(str(folder)))
    assert len(dataset.samples) == 13 and dataset.label_names == ["cat", "dog"]


def test_the_network_chooses_the_size_unless_the_user_does(folder, pixels):
    asked = []
    assert open_dataset(Source(str(folder)), lambda side: asked.append(side) or 16).shape == (1, 16, 16)
    assert asked == [8]
    same = open_dataset(Source(str(folder), image_size=8), lambda side: 16)
    assert np.array_equal(same.samples[:, 0].numpy(), pixels)


@pytest.mark.parametrize("channels", [1, 3])
def test_images_are_decoded_into_memory_that_is_there_for_all_their_bytes(tmp_path, monkeypatch, channels):
    np.save(tmp_path / "a.npy", np.arange(20 * 16 * 16 * channels, dtype=np.uint8).reshape(20, 16, 16, channels))
    source = Source(str(tmp_path / "a.npy"))
    needed = 20 * 16 * 16 * channels
    monkeypatch.setattr(room, "available", lambda: needed)
    assert open_dataset(source).samples.nbytes == needed
    monkeypatch.setattr(room, "available", lambda: needed - 1)
    with pytest.raises(GansmithError, match=r"16x16 takes 0\.0 GiB, and 0\.0 are free: use --resident-limit 0"):
        open_dataset(source)


def test_vectors_and_digits_are_made_in_memory_that_is_there(tmp_path, monkeypatch):
    """Before, neither was estimated."""
    np.save(tmp_path / "a.npy", np.random.default_rng(0).normal(size=(1000, 3)))
    monkeypatch.setattr(room, "available", lambda: 2 * 1000 * 3 * 4)
    assert open_dataset(Source(str(tmp_path / "a.npy"))).samples.shape == (1000, 3)
    monkeypatch.setattr(room, "available", lambda: 2 * 1000 * 3 * 4 - 1)
    with pytest.raises(GansmithError, match=r"a\.npy takes 0\.0 GiB, and 0\.0 are free: take fewer of its rows"):
        open_dataset(Source(str(tmp_path / "a.npy")))
    with pytest.raises(GansmithError, match=r"--data digits at 64x64 takes .*: use a smaller --image-size"):
        open_dataset(Source("digits", image_size=64))
    with pytest.raises(GansmithError, match=r"1,000,000,000 portraits at 64x64 takes .*: ask for fewer"):
        open_dataset(Source("portraits:1000000000", resident_limit=1e6))


def test_a_set_is_decoded_in_the_room_that_it_takes(tmp_path):
    """Before, in twice as much."""
    np.save(tmp_path / "a.npy", np.zeros((4000, 32, 32), np.uint8))
    tracemalloc.start()
    samples = open_dataset(Source(str(tmp_path / "a.npy"))).samples
    assert tracemalloc.get_traced_memory()[1] < 1.5 * samples.nbytes
    tracemalloc.stop()
