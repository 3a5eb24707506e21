"""Folders of images: what is found in them, and in which order."""

import numpy as np

from gansmith.data import Source, open_dataset


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
