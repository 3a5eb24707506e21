"""Folders and arrays that are parts of a set, and what is passed over in a folder."""

import os
import socket
from pathlib import Path

import numpy as np
import pytest

from gansmith.data import Source, open_dataset
from gansmith.errors import GansmithError


@pytest.fixture
def tree(tmp_path, pixels, encode):
    """Writes pictures at these places of a folder; each place has two."""

    def written(*places, suffix=".png", root="set"):
        for place in places:
            for i in range(2):
                path = tmp_path / root / place / f"{i}{suffix}"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(encode(pixels[i]))
        return str(tmp_path / root)

    return written


DIGITS = [f"{split}/{digit}" for split in ("training", "testing") for digit in range(10)]


@pytest.mark.parametrize(
    "split, count", [("training", 20), ("testing", 20), ("train", 20), ("test", 20), ("Testing", 20), ("all", 40)]
)
def test_folders_of_splits_are_asked_about_and_classes_lie_in_them(tree, split, count):
    path = tree(*DIGITS)
    told = r"parts of a set, testing \(20\), training \(20\): --split training takes one, --split all all"
    with pytest.raises(GansmithError, match=told):
        open_dataset(Source(path))
    dataset = open_dataset(Source(path, split=split))
    assert len(dataset.samples) == count and dataset.label_names == [str(digit) for digit in range(10)]
    with pytest.raises(GansmithError, match=r"--split val: no folder of .* is called so; there are testing, training"):
        open_dataset(Source(path, split="val"))


def test_masks_and_pictures_of_other_kinds_are_asked_about(tree):
    path = tree("images/cat", "images/dog", "masks/cat", "masks/dog")
    with pytest.raises(GansmithError, match=r"images \(4\), masks \(4\): --split images takes one"):
        open_dataset(Source(path))
    dataset = open_dataset(Source(path, split="images"))
    assert len(dataset.samples) == 4 and dataset.label_names == ["cat", "dog"]


def test_the_layout_of_detection_sets_is_gone_into(tree):
    path = tree("images/train", "images/val", root="yolo")
    with pytest.raises(GansmithError, match="--split images/train takes one"):
        open_dataset(Source(path))
    dataset = open_dataset(Source(path, split="images/train"))
    assert len(dataset.samples) == 2 and dataset.labels is None
    one = open_dataset(Source(tree("train/cat", "train/dog", root="one")))
    assert one.label_names == ["cat", "dog"] and one.notes == ["the pictures are those in train"]


@pytest.mark.parametrize("names", [("bus", "car", "train"), ("test", "other"), ("images", "words"), ("label", "text")])
def test_classes_that_sound_like_it_are_classes(tree, names):
    assert open_dataset(Source(tree(*names))).label_names == sorted(names)


def test_masks_beside_their_pictures_are_asked_about(tree, tmp_path, pixels, encode):
    path = tree("benign", "normal")
    for where in ("benign/0_mask.png", "normal/1_mask.png"):
        (tmp_path / "set" / where).write_bytes(encode(pixels[2]))
    with pytest.raises(GansmithError, match=r"0_mask\.png and 1 more are named after .*: --skip '\*_mask\.\*'"):
        open_dataset(Source(path))
    dataset = open_dataset(Source(path, skip="*_mask.*"))
    assert len(dataset.samples) == 4 and dataset.notes == ["passed over: 2 that --skip names"]
    alone = tree(root="alone/masks")
    Path(alone).mkdir(parents=True)
    (tmp_path / "alone" / "masks" / "face_mask.png").write_bytes(encode(pixels[0]))
    assert len(open_dataset(Source(alone)).samples) == 1  # there is no picture of that name


def test_splits_of_arrays_are_asked_about(tmp_path, pixels):
    keras = {"x_train": pixels, "y_train": np.arange(12) % 3, "x_test": pixels[:4], "y_test": np.arange(4) % 3}
    medical = {f"{s}_images": pixels[:n] for s, n in (("train", 12), ("val", 3), ("test", 4))}
    medical |= {f"{s}_labels": (np.arange(n) % 3)[:, None] for s, n in (("train", 12), ("val", 3), ("test", 4))}
    for arrays, there in ((keras, "test, train"), (medical, "test, train, val")):
        np.savez(tmp_path / "a.npz", **arrays)
        path = str(tmp_path / "a.npz")
        with pytest.raises(GansmithError, match=f"holds splits, {there}: --split train takes one, --split all all"):
            open_dataset(Source(path))
        for split, count in (("train", 12), ("test", 4), ("all", 16 if arrays is keras else 19)):
            dataset = open_dataset(Source(path, split=split))
            assert len(dataset.samples) == len(dataset.labels) == count
            assert dataset.labels[:4].tolist() == [0, 1, 2, 0]
    assert len(open_dataset(Source(path, split="validation")).samples) == 3
    np.savez(tmp_path / "b.npz", images=pixels)
    with pytest.raises(GansmithError, match=r"--split test: .* holds images, which are no splits"):
        open_dataset(Source(str(tmp_path / "b.npz"), split="test"))


def test_linked_folders_are_followed_and_circles_are_not(tree, tmp_path):
    """Before, linked folders of classes vanished."""
    cats, here = tree("cats", root="elsewhere"), tree("dog")
    Path(here, "cat").symlink_to(f"{cats}/cats")
    Path(here, "dog", "again").symlink_to(here)
    Path(here, "lost.png").symlink_to(tmp_path / "nowhere")
    dataset = open_dataset(Source(here))
    assert dataset.label_names == ["cat", "dog"] and len(dataset.samples) == 4
    assert dataset.notes == ["passed over: 1 links to a folder around them, 1 links to nothing"]


def test_pictures_are_known_by_what_they_hold(tree, tmp_path, pixels, encode):
    """Before, 40 .jfif, 5 .jpe and 10 files without an ending beside 4 .png were 4 images."""
    path = tree("mixed", "mixed2")
    for i in range(12):
        name = f"{i}{('.jfif', '.jpe', '', '.data')[i % 4]}"
        (tmp_path / "set" / "mixed" / f"x{name}").write_bytes(encode(pixels[i], ("JPEG", "WEBP", "BMP", "TIFF")[i % 4]))
    dataset = open_dataset(Source(path))
    assert len(dataset.samples) == 16 and dataset.notes == []


def test_what_is_passed_over_is_counted_by_reason(tree, tmp_path):
    path = tree("a")
    inside = tmp_path / "set" / "a"
    for name, content in {
        "notes.txt": b"text", "other.txt": b"P7 is no picture", ".hidden.png": b"", "drawing.eps": b"%!PS-Adobe-3.0",
        "photo.heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "new.avif": b"\0\0\0\x1cftypavif", "empty": b"",
    }.items():  # fmt: skip
        (inside / name).write_bytes(content)
    os.mkfifo(inside / "pipe.png")
    (inside / "zero.png").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(inside / "s"))
    dataset = open_dataset(Source(path))
    assert len(dataset.samples) == 2
    (line,) = dataset.notes
    assert line.startswith("passed over: 3 no regular files, 2 no pictures (.txt), ") and line.endswith("more kinds")
    for name in ("notes.txt", "other.txt", ".hidden.png", "pipe.png", "zero.png", "s", "empty"):
        (inside / name).unlink()
    (line,) = open_dataset(Source(path)).notes
    kinds = {f"1 {kind} pictures, which are not read" for kind in ("EPS", "HEIC", "AVIF")}
    assert {*line.removeprefix("passed over: ").split(", 1 ")} != kinds and all(kind in line for kind in kinds)


def test_a_folder_without_pictures_says_what_is_in_it(tmp_path):
    (tmp_path / "a.heic").write_bytes(b"\0\0\0\x18ftypheic")
    with pytest.raises(GansmithError, match=r"no images in this folder .*: passed over: 1 HEIC pictures"):
        open_dataset(Source(str(tmp_path)))


def test_runs_inside_the_data_are_no_data(tree, tmp_path, encode, pixels):
    """Before, a run's own pictures became part of its data, and wiped the classes out."""
    path = tree("cat", "dog")
    samples = tmp_path / "set" / "runs" / "one" / "samples"
    samples.mkdir(parents=True)
    (samples.parent / "config.json").write_text('{"format": 2, "shape": [1, 8, 8], "own_networks": false}')
    (samples / "1.png").write_bytes(encode(pixels[0]))
    (tmp_path / "set" / "cat" / "config.json").write_text("{}")
    dataset = open_dataset(Source(path))
    assert dataset.label_names == ["cat", "dog"] and len(dataset.samples) == 4
    assert dataset.notes[0].startswith("passed over: 1 ") and "1 runs of gansmith" in dataset.notes[0]


def test_a_pattern_that_no_file_is_called_by_is_told(tree):
    """Before, a mistyped one took nothing out, and nothing was said."""
    notes = open_dataset(Source(tree("a", "b"), skip="1.*, *_maks.*")).notes
    assert notes == ["passed over: 2 that --skip names", "--skip *_maks.*: no file is called so"]


def test_a_run_is_no_data(tree, tmp_path):
    path = tree("samples")
    (tmp_path / "set" / "config.json").write_text('{"format": 2, "shape": [1, 8, 8], "own_networks": false}')
    with pytest.raises(GansmithError, match=r"--data .*set: is a run's folder, and its pictures are made"):
        open_dataset(Source(path))


def test_two_links_to_each_other_are_links_to_nothing(tree):
    """Before, a traceback."""
    path = tree("a")
    Path(path, "one").symlink_to("two")
    Path(path, "two").symlink_to("one")
    assert open_dataset(Source(path)).notes == ["passed over: 2 links to nothing"]


@pytest.mark.parametrize(
    "names", [("trainA", "trainB", "testA", "testB"), ("train2017", "val2017"), ("train_data", "test-set")]
)
def test_splits_of_other_names_are_asked_about(tree, names):
    """Before, these were classes."""
    path = tree(*names)
    with pytest.raises(GansmithError, match=f"parts of a set, .*: --split {names[0]} takes one"):
        open_dataset(Source(path))
    assert len(open_dataset(Source(path, split=names[0])).samples) == 2
    assert len(open_dataset(Source(path, split="all")).samples) == 2 * len(names)


def test_a_split_that_could_be_two_folders_is_asked_about(tree):
    path = tree("trainA", "trainB", "test")
    with pytest.raises(GansmithError, match=r"--split train: .* has several of that kind, trainA, trainB: name one"):
        open_dataset(Source(path, split="train"))


def test_a_picture_beside_splits_makes_no_classes_of_them(tree, tmp_path, pixels, encode):
    """Before, one did: classes testing and training."""
    path = tree(*DIGITS)
    (tmp_path / "set" / "readme.png").write_bytes(encode(pixels[0]))
    with pytest.raises(GansmithError, match=r"parts of a set, testing \(20\), training \(20\)"):
        open_dataset(Source(path))
    one = tree("train", root="one")
    (tmp_path / "one" / "a.png").write_bytes(encode(pixels[0]))
    assert len(open_dataset(Source(one)).samples) == 3


def test_splits_that_are_joined_keep_their_labels_in_any_order(tmp_path):
    """The order of Keras' own mnist.npz: before, half of its pictures had the labels of others."""
    shades, labels = {"train": 10, "test": 200}, {"train": 1, "test": 2}
    x, y = ({f"{k}_{s}": np.full((4, 8, 8)[:n], v[s], np.uint8) for s in v} for k, v, n in
            (("x", shades, 3), ("y", labels, 1)))  # fmt: skip
    np.savez(tmp_path / "a.npz", x_test=x["x_test"], x_train=x["x_train"], y_train=y["y_train"], y_test=y["y_test"])
    data = open_dataset(Source(str(tmp_path / "a.npz"), split="all"))
    of = {
        (int(sample[0, 0, 0]), data.label_names[label]) for sample, label in zip(data.samples, data.labels, strict=True)
    }
    assert of == {(10, "1"), (200, "2")}


@pytest.mark.parametrize("other", [np.zeros((3, 9, 9), np.uint8), np.zeros((3, 8, 8), np.float32)])
def test_splits_of_other_shapes_or_scales_are_not_joined(tmp_path, pixels, other):
    np.savez(tmp_path / "a.npz", x_train=pixels, x_test=other)
    with pytest.raises(GansmithError, match=r"x_test \(.*\) and x_train \(uint8, .*\) are not alike"):
        open_dataset(Source(str(tmp_path / "a.npz"), split="all"))
    assert len(open_dataset(Source(str(tmp_path / "a.npz"), split="train")).samples) == 12


def test_a_split_and_an_array_of_one_are_not_both_asked_for(tmp_path, pixels):
    np.savez(tmp_path / "a.npz", x_train=pixels, x_test=pixels)
    with pytest.raises(GansmithError, match=r"--split test: --image-column x_train is one array of .*: leave one"):
        open_dataset(Source(str(tmp_path / "a.npz"), split="test", image_column="x_train"))
