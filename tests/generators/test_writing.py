"""Samples on disk: what is written piece by piece is what was written whole, in the memory of a few pieces."""

import io
import itertools
import math
import weakref
import zipfile

import numpy as np
import pytest
import torch
from PIL import Image

from gansmith.data import Source, open_dataset
from gansmith.data.images import to_bytes
from gansmith.errors import GansmithError
from gansmith.generators import writing
from gansmith.generators.pictures import grid, scatter, to_picture


def images(count, channels=1, height=8, width=8):
    rng = torch.Generator().manual_seed(count + channels)
    return torch.rand(count, channels, height, width, generator=rng) * 2 - 1


def pasted(samples, columns, tile=48, gap=2):
    """Return a grid as it looks by definition: each picture enlarged and pasted to its place on white."""
    n, _, height, width = samples.shape
    times = max(1, round(tile / max(height, width)))
    high, wide = height * times + gap, width * times + gap
    sheet = Image.new("RGB", (columns * wide + gap, math.ceil(n / columns) * high + gap), "white")
    for i, sample in enumerate(samples):
        picture = to_picture(sample).resize((width * times, height * times), Image.Resampling.NEAREST)
        sheet.paste(picture, (gap + i % columns * wide, gap + i // columns * high))
    return np.asarray(sheet)


@pytest.mark.parametrize(("count", "channels", "size"), [(1, 1, 8), (7, 3, 8), (16, 1, 5), (17, 3, 60)])
@pytest.mark.parametrize("piece", [1, 3, 100])
def test_a_grid_is_the_same_whole_or_in_pieces(tmp_path, count, channels, size, piece):
    samples = images(count, channels, size, size + 2)
    expected = pasted(samples, math.ceil(math.sqrt(count)))
    assert np.array_equal(np.asarray(grid(samples)), expected)
    writing.write(iter(samples.split(piece)), count, tmp_path / "x.png")
    opened = Image.open(tmp_path / "x.png")
    assert opened.mode == "RGB" and np.array_equal(np.asarray(opened), expected)
    assert np.array_equal(np.asarray(grid(samples, 2, tile=10, gap=1)), pasted(samples, 2, 10, 1))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.float64, torch.bfloat16])
@pytest.mark.parametrize("shape", [(3,), (1, 4, 4)])
def test_numbers_are_those_of_savez(tmp_path, dtype, shape):
    samples = torch.randn(11, *shape).to(dtype)
    writing.write(iter(samples.split(4)), 11, tmp_path / "x.npz")
    whole = io.BytesIO()
    np.savez_compressed(whole, samples=(samples.float() if dtype == torch.bfloat16 else samples).numpy())
    with zipfile.ZipFile(tmp_path / "x.npz") as mine, zipfile.ZipFile(whole) as theirs:
        assert mine.namelist() == [*theirs.namelist(), *(["range.npy"] if len(shape) == 3 else [])]
        assert mine.testzip() is None
        assert mine.read("samples.npy") == theirs.read("samples.npy")


@pytest.mark.parametrize("name", ["x.png", "x.npz", "folder"])
def test_any_number_of_samples_takes_the_memory_of_a_few_pieces(tmp_path, name):
    alive, most = weakref.WeakSet(), []

    def pieces():
        for _ in range(40):
            piece = images(5)
            alive.add(piece)
            most.append(len(alive))
            yield piece
            del piece

    writing.write(pieces(), 200, tmp_path / name)
    assert len(most) == 40 and max(most) <= 4


def test_a_used_folder_is_refused_and_stays_as_it_is(tmp_path):
    folder = tmp_path / "samples"
    folder.mkdir()
    (folder / ".DS_Store").touch()
    writing.check_place(folder, (1, 8, 8))  # an empty one is as good as none
    (folder / "notes.txt").touch()
    with pytest.raises(GansmithError, match=r"--out .*samples already holds notes.txt: choose a new folder"):
        writing.check_place(folder, (1, 8, 8))
    with pytest.raises(GansmithError, match="already holds files: choose a new folder"):  # filled in the meantime
        writing.write(iter([images(3)]), 3, folder)
    assert {p.name for p in folder.iterdir()} == {".DS_Store", "notes.txt"} and [*tmp_path.iterdir()] == [folder]


def test_two_who_write_into_one_folder_at_once_do_not_mix(tmp_path):
    """The one that is ready later is told so; both began when there was nothing."""
    inner = iter([images(4)])

    def outer():
        yield images(2, channels=3)
        writing.write(inner, 4, tmp_path / "one")

    with pytest.raises(GansmithError, match="already holds files"):
        writing.write(outer(), 2, tmp_path / "one")
    assert len(list((tmp_path / "one").iterdir())) == 4 and len(list(tmp_path.iterdir())) == 1
    assert {Image.open(p).mode for p in (tmp_path / "one").iterdir()} == {"L"}


@pytest.mark.parametrize("name", ["x.png", "x.npz", "folder", "deep/er.png"])
@pytest.mark.parametrize("good", [0, 2])
def test_what_fails_on_the_way_leaves_nothing(tmp_path, name, good):
    def broken():
        yield from itertools.repeat(images(3), good)
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        writing.write(broken(), 9, tmp_path / name)
    assert not [p for p in tmp_path.rglob("*") if p.is_file() or p.name == "folder"]


def test_samples_in_a_folder_or_as_numbers_are_data_again(tmp_path):
    """At their own size, in their own order, and the same bytes by either door."""
    for channels, side in ((1, 12), (3, 20)):
        samples = images(30, channels, side, side)
        for name in (f"folder{channels}", f"x{channels}.npz"):
            writing.write(iter(samples.split(7)), 30, tmp_path / name)
            data = open_dataset(Source(str(tmp_path / name)))
            assert data.shape == (channels, side, side) and data.label_names == []
            assert torch.equal(data.samples, to_bytes(samples)), name


def test_bright_pictures_keep_their_range(tmp_path):
    """Numbers that are all positive would pass for [0, 1], and be a third too dark."""
    samples = images(5).abs()
    writing.write(iter([samples]), 5, tmp_path / "x.npz")
    assert torch.equal(open_dataset(Source(str(tmp_path / "x.npz"))).samples, to_bytes(samples))


def test_names_of_seeds_sort_as_their_numbers():
    assert writing.seed_names([3, 12]) == ["seed-0003", "seed-0012"]
    assert writing.seed_names([3, 123456]) == ["seed-000003", "seed-123456"]
    for seeds in ([3, 4, 3], [4, 3, 3], [4, 3, 5, 3, 4]):
        with pytest.raises(GansmithError, match="seed 3 stands twice"):
            writing.seed_names(seeds)


@pytest.mark.parametrize("numbers", [1, 2, 5])
def test_vectors_as_a_picture_are_their_scatter_without_real_ones(tmp_path, numbers):
    points = torch.randn(50, numbers, generator=torch.Generator().manual_seed(numbers))
    writing.write(iter(points.split(7)), 50, tmp_path / "x.png")
    assert np.array_equal(np.asarray(Image.open(tmp_path / "x.png")), np.asarray(scatter(points, points[:0])))


@pytest.mark.parametrize("count", [1, 3, 11])
def test_pictures_in_a_folder_are_numbered_or_named(tmp_path, count):
    samples = images(count)
    writing.write(iter(samples.split(4)), count, tmp_path / "numbered")
    names = [p.name for p in sorted((tmp_path / "numbered").iterdir())]
    assert names == [f"{i:05d}.png" for i in range(count)]
    writing.write(iter(samples.split(4)), count, tmp_path / "named", [f"n{i}" for i in range(count)])
    for i in range(count):
        expected = np.asarray(to_picture(samples[i]))
        for path in (tmp_path / "numbered" / names[i], tmp_path / "named" / f"n{i}.png"):
            assert np.array_equal(np.asarray(Image.open(path)), expected)


def test_more_pictures_than_five_digits_count_have_longer_names(tmp_path):
    for count, digits in ((100_000, 5), (100_001, 6)):
        writing.write(iter([images(1)]), count, tmp_path / str(count))
        assert [p.stem for p in (tmp_path / str(count)).iterdir()] == ["0" * digits]


@pytest.mark.parametrize(
    ("name", "shape", "told"),
    [
        ("x.jpg", (1, 8, 8), "use FILE.png, FILE.npz or a folder"),
        ("folder", (2,), "vectors have no pictures of their own"),
        ("there", (1, 8, 8), "there is a file: use FILE.png"),
    ],
)
def test_places_that_cannot_be_are_named(tmp_path, name, shape, told):
    (tmp_path / "there").touch()
    with pytest.raises(GansmithError, match=told):
        writing.check_place(tmp_path / name, shape)
    for fine in ("x.png", "x.npz"):
        writing.check_place(tmp_path / fine, shape)


@pytest.mark.parametrize(("height", "width"), [(8, 8), (30, 9), (9, 30), (60, 5)])
def test_the_longer_side_of_a_picture_fills_its_tile(height, width):
    samples = images(3, 1, height, width)
    assert np.array_equal(np.asarray(grid(samples, 2)), pasted(samples, 2))
