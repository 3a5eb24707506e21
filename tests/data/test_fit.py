"""Samples that are not square: nothing of them is cut without a word."""

import numpy as np
import pytest
import torch
from PIL import Image

from gansmith.data import Source, open_dataset
from gansmith.data.memory import from_memory
from gansmith.errors import GansmithError

BANNER = np.tile(np.arange(120, dtype=np.uint8) * 2, (40, 1))  # 120 wide, 40 high: dark on the left, light on the right


@pytest.fixture
def pictures(tmp_path, encode):
    """Writes pictures into a folder, named in their order."""

    def written(*images, folder="shots"):
        for i, image in enumerate(images):
            path = tmp_path / folder / f"{i:02d}.png"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(encode(image))
        return str(tmp_path / folder)

    return written


@pytest.fixture
def save(tmp_path):
    def path_of(array):
        np.save(tmp_path / "a.npy", array)
        return str(tmp_path / "a.npy")

    return path_of


def test_long_pictures_are_asked_about(pictures):
    with pytest.raises(GansmithError, match="shots: most pictures are 120x40, and samples are square: use --fit crop"):
        open_dataset(Source(pictures(*[BANNER] * 4)))


@pytest.mark.parametrize(
    "fit, side, left, right, told",
    [
        ("crop", 40, 80, 158, "their centre is kept, without 67% of their pixels"),
        ("pad", 120, 0, 238, "they stand on white, as --fit pad says"),
        ("stretch", 120, 0, 238, "they are stretched, as --fit stretch says"),
    ],
)
def test_each_way_keeps_what_it_says(pictures, fit, side, left, right, told):
    dataset = open_dataset(Source(pictures(*[BANNER] * 4), fit=fit))
    assert dataset.shape == (1, side, side) and told in dataset.notes[0]
    assert dataset.notes[0].startswith("4 of 4 pictures looked at are not square (120x40): ")
    middle = dataset.samples[0, 0, side // 2].tolist()
    assert (middle[0], middle[-1]) == (left, right)
    assert dataset.samples[0, 0, 0, 0] == (255 if fit == "pad" else left)


def test_photographs_are_cropped_and_it_is_said(pictures):
    photos = [np.zeros((60, 90), np.uint8), np.zeros((90, 60), np.uint8), np.zeros((60, 60), np.uint8)]
    dataset = open_dataset(Source(pictures(*photos)))
    assert dataset.shape == (1, 60, 60)
    told = "2 of 3 pictures looked at are not square (90x60): their centre is kept, without 33% of their pixels"
    assert dataset.notes == [f"{told}; --fit pad or stretch keeps all"]
    assert open_dataset(Source(pictures(photos[2], folder="square"))).notes == []


def test_some_panoramas_among_photographs_are_no_question_and_more_are(pictures):
    square = np.zeros((40, 40), np.uint8)
    assert open_dataset(Source(pictures(*[square] * 9, BANNER))).shape == (1, 40, 40)
    with pytest.raises(GansmithError, match="use --fit crop"):
        open_dataset(Source(pictures(*[square] * 7, BANNER, BANNER, folder="more")))


def test_the_size_is_that_of_most_files_and_not_of_the_first(pictures):
    large, thumbnail = np.zeros((128, 128), np.uint8), np.zeros((16, 16), np.uint8)
    dataset = open_dataset(Source(pictures(thumbnail, *[large] * 4)))
    assert dataset.shape == (1, 128, 128)
    assert dataset.notes == ["1 of 5 pictures looked at are smaller than 128 pixels: enlarged"]


def test_a_photograph_on_its_side_is_as_oblong_as_it_is(tmp_path, encode):
    exif = Image.Exif()
    exif[0x0112] = 6
    (tmp_path / "a.jpg").write_bytes(encode(np.zeros((40, 120), np.uint8), "JPEG", exif=exif))
    with pytest.raises(GansmithError, match="use --fit crop"):
        open_dataset(Source(str(tmp_path)))


@pytest.mark.parametrize("where", ["file", "python"])
@pytest.mark.parametrize(
    "shape, told",
    [
        ((6, 1, 16, 128), r"could be images 128x16, which --fit pad, .*, or vectors of 2,048 numbers, --as vectors"),
        ((6, 24, 6), "could be images 6x24, which --fit pad, stretch or crop makes square, or vectors of 144 numbers"),
        ((6, 40, 120, 3), "could be images 120x40, .* or vectors of 14,400 numbers"),
        ((6, 2, 8, 8), r"shape \(6, 2, 8, 8\) is neither .*: --as vectors takes each sample as its 128 numbers"),
        ((6, 2, 8, 8, 3), "is neither vectors .*: --as vectors takes each sample as its 384 numbers"),
    ],
)
def test_an_array_keeps_every_number_or_is_asked_about(save, shape, told, where):
    array = np.random.default_rng(0).random(shape, dtype=np.float32)

    def opened(**said):
        source = Source(save(array) if where == "file" else "data", **said)
        return open_dataset(source) if where == "file" else from_memory(torch.from_numpy(array), None, source)

    with pytest.raises(GansmithError, match=told):
        opened()
    assert np.array_equal(opened(as_="vectors").samples.numpy(), array.reshape(6, -1))


def test_a_piano_roll_is_whole_when_it_is_padded(save):
    roll = np.random.default_rng(0).random((6, 1, 16, 128)) > 0.5
    samples = open_dataset(Source(save(roll), fit="pad")).samples.numpy()
    assert samples.shape == (6, 1, 128, 128)
    assert np.array_equal(samples[:, :, 56:72] > 127, roll) and (samples[:, :, :56] == 255).all()
    assert open_dataset(Source(save(roll), fit="crop")).shape == (1, 16, 16)


def test_bytes_in_rows_are_what_is_said(save, pixels):
    rows = pixels.reshape(12, 64)
    with pytest.raises(GansmithError, match=r"could be images or vectors: images 8x8, --as images, or --as vectors"):
        open_dataset(Source(save(rows)))
    assert np.array_equal(open_dataset(Source(save(rows), as_="images")).samples[:, 0].numpy(), pixels)
    assert np.array_equal(open_dataset(Source(save(rows), as_="vectors")).samples.numpy(), rows)
    with pytest.raises(GansmithError, match="rows of 63 numbers are no square gray images"):
        open_dataset(Source(save(rows[:, 1:]), as_="images"))


def test_pictures_in_files_are_no_vectors(folder):
    with pytest.raises(GansmithError, match="--as vectors: pets holds pictures, and only arrays can be vectors"):
        open_dataset(Source(str(folder), as_="vectors"))


def test_where_channels_could_be_first_or_last_square_pictures_are_meant(save):
    """Before, four pixels high and wide were taken for four channels, and pictures of 4x1."""
    for channels in (1, 3):
        images = np.random.default_rng(0).integers(0, 256, (6, channels, 4, 4), dtype=np.uint8)
        images[0, 0, 0, :2] = 0, 255
        assert np.array_equal(open_dataset(Source(save(images))).samples.numpy(), images)
    last = np.random.default_rng(0).integers(0, 256, (6, 3, 3, 3), dtype=np.uint8)
    assert np.array_equal(open_dataset(Source(save(last))).samples.numpy(), last.transpose(0, 3, 1, 2))


def test_one_number_a_sample_is_no_image(save):
    with pytest.raises(GansmithError, match=r"shape \(50,\) is one number a sample, and no image: leave --as out"):
        open_dataset(Source(save(np.arange(50.0)), as_="images"))


def test_times_are_no_samples(save):
    """Before, a traceback."""
    with pytest.raises(GansmithError, match=r"holds timedelta64\[s\], not real numbers"):
        open_dataset(Source(save(np.arange(12).reshape(6, 2).astype("timedelta64[s]"))))


ARRAY = np.zeros((8, 8))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ([ARRAY, np.zeros((9, 9))], r"samples of shapes \(8, 8\) and \(9, 9\): give all one shape, or PIL pictures"),
        ({"x": ARRAY}, r"data = dict: give a name, a tensor, an array, .* \(KeyError: 0\)"),
        ([Image.new("L", (8, 8)), ARRAY], "1 of 2 items are pictures, and others are not: give one kind"),
        ([[1, 2, 3], [4, 5, 6]], "items are rows of numbers, or not all alike: give np.array"),
        ([(ARRAY, 1), (ARRAY, 1, 2)], "items are rows of numbers, or not all alike"),
        (np.ma.array(np.ones((6, 2)), mask=np.eye(6, 2)), "2 values are masked: fill them in, or leave those rows out"),
        (torch.rand(5, 2, device="meta"), "a sample cannot be read as numbers"),
    ],
)
def test_data_in_python_that_are_no_samples_are_one_line(data, told):
    """Before, tracebacks; rows lost all numbers but two, and what was masked was taken for data."""
    with pytest.raises(GansmithError, match=told):
        from_memory(data)


def test_data_in_python_of_other_forms_are_read():
    x = torch.rand(5, 3)
    assert torch.equal(from_memory(x.bfloat16()).samples, x.bfloat16().float())
    assert torch.equal(from_memory(torch.eye(5).to_sparse()).samples, torch.eye(5))
    with pytest.warns(UserWarning, match="of items of 3 parts the first two are sample and label: others are left out"):
        assert from_memory([(ARRAY, i % 2, i) for i in range(4)]).label_names == ["0", "1"]
