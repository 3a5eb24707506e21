"""Which numbers are black and white: what the data hold decides, and what it cannot decide is asked."""

import struct

import numpy as np
import pytest
import torch
from PIL import Image

from gansmith.data.images import Streaming
from gansmith.data.memory import from_memory
from gansmith.errors import GansmithError

RAMP = (np.arange(64, dtype=np.uint8) * 4).reshape(8, 8)  # 0 to 252
SIGNED, UNSIGNED = 2, 1  # SampleFormat of TIFF 6.0
BLACK_IS_ZERO, WHITE_IS_ZERO = 1, 0  # PhotometricInterpretation


def tiff(values, kind=UNSIGNED, photometric=BLACK_IS_ZERO):
    """Return a TIFF of 16 bits by the letter of TIFF 6.0: a header, one directory, one strip."""
    height, width = values.shape
    data = values.astype("<i2" if kind == SIGNED else "<u2").tobytes()
    entries = {256: width, 257: height, 258: 16, 259: 1, 262: photometric, 273: 0, 277: 1, 278: height, 279: len(data)}
    entries[339] = kind
    entries[273] = 8 + 2 + 12 * len(entries) + 4
    directory = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted(entries.items()))
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + directory + bytes(4) + data


def test_masks_of_zeros_and_ones_are_black_and_white(opened, array):
    mask = (RAMP > 100).astype(np.uint8)
    for dataset in (opened(mask, mask), array(np.stack([mask, mask])), from_memory([Image.fromarray(mask)] * 2)):
        assert np.array_equal(dataset.samples[0, 0].numpy(), mask * 255)
        assert dataset.notes == ["values run from 0 to 1: 0 is black and 1 white; --values says other two"]
    flat = opened(mask, mask, values=(0, 255))
    assert flat.samples.max() == 1 and flat.notes == []


def test_what_looks_like_a_mask_and_is_none_further_on_is_seen_in_time(opened, array):
    mask, picture = (RAMP > 100).astype(np.uint8), RAMP
    many = [mask] * 70
    many[1] = picture  # which a look at 64 of 70 passes over
    for dataset in (opened(*many), array(np.stack(many))):
        assert np.array_equal(dataset.samples[1, 0].numpy(), picture) and dataset.samples[0].max() == 1
        assert dataset.notes == []


def test_class_numbers_are_nearly_flat_and_it_is_said(opened):
    classes = RAMP // 13  # 0 to 19
    assert opened(classes).notes == [
        "values run from 0 to 19 of 0 to 255, which is nearly flat: --values 0 19 makes the most of them"
    ]
    assert opened(classes, values=(0, 19)).samples.max() == 255
    assert opened(RAMP).notes == []


@pytest.mark.parametrize("bits", [10, 12, 14])
@pytest.mark.parametrize("form", ["PNG", "TIFF", "array", "stream"])
def test_few_bits_in_sixteen_reach_from_black_to_white(opened, array, bits, form):
    deep = np.rint(RAMP / 252 * (2**bits - 1)).astype(np.uint16)
    expected = np.rint(RAMP / 252 * 255)
    stack = np.stack([deep] * 2)
    if form == "stream":
        dataset = opened(deep, deep, resident_limit=0.0, workers=0)
        assert isinstance(dataset, Streaming)
        x = next(dataset.batches(1, 0, 0, torch.device("cpu"))).x
        pixels = (x[0, 0] * 127.5 + 127.5).round().numpy()
    else:
        dataset = array(stack) if form == "array" else opened(deep, deep, kind=form, suffix=form.lower())
        pixels = dataset.samples[0, 0].numpy()
    assert abs(pixels - expected).max() <= 1
    assert dataset.notes[0].startswith(f"values run from 0 to {2**bits - 1}: 0 is black and {2**bits - 1} white")


def test_every_picture_of_a_set_is_scaled_alike(opened):
    """Before, a float picture was scaled by its own largest value, and stood out white or black."""
    dark, light = (RAMP * k for k in (np.float32(0.4 / 255), np.float32(1 / 255)))
    samples = opened(dark, light, suffix="tif", kind="TIFF").samples.numpy()
    assert abs(samples[0] / 255 - dark).max() < 0.003 and abs(samples[1] / 255 - light).max() < 0.003
    far = opened(dark * 255 / 0.4, light, suffix="tif", kind="TIFF")
    assert np.array_equal(far.samples[0, 0].numpy(), RAMP) and far.samples[1].max() == 1


@pytest.mark.parametrize(
    "low, high, told",
    [
        (0, 4095, "values run from 0 to 4095: which are black and white"),
        (-0.42, 2.8, "values run from -0.42 to 2.8: which are black and white"),
        (-0.004, 1, "values run from -0.004 to 1: which"),
        (0, 40, "values run from 0 to 40: which"),
        (-1000, 3000, r"values run from -1000 to 3000: which are black and white\? For these, --values -1000 3000"),
    ],
)
def test_floats_of_no_usual_range_are_asked_about(array, opened, low, high, told):
    floats = np.linspace(low, high, 128, dtype=np.float32).reshape(2, 8, 8)
    for dataset in (array, lambda a, **said: opened(*a, suffix="tif", kind="TIFF", **said)):
        with pytest.raises(GansmithError, match=told):
            dataset(floats)
        samples = dataset(floats, values=(low, high)).samples
        assert (samples[0, 0, 0, 0], samples[1, 0, 7, 7]) == (0, 255)
        assert abs(samples.flatten().numpy() / 255 - np.linspace(0, 1, 128)).max() < 0.003


def test_usual_floats_and_whole_numbers_are_not_asked_about(array):
    for samples in (RAMP / 255.0, RAMP / 127.5 - 1, RAMP.astype(np.float32), RAMP.astype(np.int64), RAMP / 255 + 1e-4):
        assert abs(array(np.stack([samples] * 2)).samples[0, 0].numpy().astype(int) - RAMP).max() <= 1


def test_signed_sixteen_bits_of_a_scanner_are_asked_about(opened):
    scan = np.linspace(-1000, 3000, 64).reshape(8, 8).round()
    with pytest.raises(GansmithError, match="values run from -1000 to 3000: which are black and white"):
        opened(tiff(scan, SIGNED), suffix="tif")
    samples = opened(tiff(scan, SIGNED), suffix="tif", values=(-1000, 3000)).samples[0, 0].numpy()
    assert (samples[0, 0], samples[7, 7]) == (0, 255)


def test_where_zero_is_white_it_is_in_sixteen_bits_too(opened):
    deep = RAMP.astype(np.uint16) * 257
    assert np.array_equal(opened(tiff(deep), suffix="tif").samples[0, 0].numpy(), RAMP)
    assert np.array_equal(opened(tiff(deep, photometric=WHITE_IS_ZERO), suffix="tif").samples[0, 0].numpy(), 255 - RAMP)


@pytest.mark.parametrize("most, size", [(15, 1), (255, 1), (1023, 2), (4095, 2), (65535, 2)])
def test_a_pgm_says_its_own_white(opened, most, size):
    shades = np.rint(RAMP / 252 * most).astype(">u2" if size == 2 else "u1")
    dataset = opened(b"P5\n8 8\n%d\n" % most + shades.tobytes(), suffix="pgm")
    assert abs(dataset.samples[0, 0].numpy() - shades / most * 255).max() <= 1 and dataset.notes == []


def test_only_the_first_frame_of_several_is_taken_and_it_is_said(opened, tmp_path):
    for suffix in ("gif", "tif", "webp", "png"):
        frames = [Image.fromarray(np.roll(RAMP, i)) for i in range(3)]
        frames[0].save(tmp_path / f"film.{suffix}", save_all=True, append_images=frames[1:])
    dataset = opened(RAMP, suffix="jpg", kind="JPEG")
    assert dataset.notes == [
        "4 of 5 pictures looked at hold several frames or pages: the first of each is taken",
    ]


def test_pictures_given_in_python_are_what_their_files_would_be(opened, encode):
    """Before, pictures in other modes than L and RGB lost their alpha, and their deeper bits."""
    rgba = Image.fromarray(np.dstack([RAMP, RAMP, 255 - RAMP, RAMP]))
    deep = Image.fromarray(RAMP.astype(np.uint16) * 257)
    for picture in (rgba, deep, rgba.quantize(8), Image.fromarray(RAMP).convert("1"), rgba.convert("CMYK")):
        kind = "TIFF" if picture.mode == "CMYK" else "PNG"
        given = from_memory([picture])
        from_file = opened(encode(picture, kind), suffix=kind.lower()).samples[-1:]
        assert torch.equal(given.samples[:, : len(from_file[0])], from_file[:, : given.shape[0]]), picture.mode
        assert given.shape[0] == (1 if picture.mode in ("I;16", "1") else 3)


def test_columns_that_spread_unlike_are_said(array):
    rng = np.random.default_rng(0)
    dataset = array(rng.normal(size=(100, 2)) * [1, 1e5])
    assert len(dataset.notes) == 1 and "--standardize" in dataset.notes[0]
    assert array(rng.normal(size=(100, 2)) * [1, 1e5], standardize=True).notes == []
    assert array(np.column_stack([rng.normal(size=(100, 2)) * [1, 50], np.ones(100)])).notes == []
    for unit in (1e-3, 1e3):  # whatever they are measured in
        assert array(rng.normal(size=(100, 2)) * [unit, 50 * unit]).notes == []
        assert len(array(rng.normal(size=(100, 2)) * [unit, 500 * unit]).notes) == 1


def test_nonsense_is_one_line(opened):
    for low, high in ((0.0, np.inf), (np.nan, 1.0)):
        with pytest.raises(GansmithError, match=f"--values {low:g} {high:g}: give two numbers that are finite"):
            opened(RAMP, values=(low, high))
    with pytest.raises(GansmithError, match="--background #ff000080: no colour"):
        opened(RAMP, background="#ff000080")
    with pytest.raises(GansmithError, match="--values 3 3: black and white are the same number"):
        opened(RAMP, values=(3.0, 3.0))
    with pytest.raises(GansmithError, match="--background bleu: no colour: use a name such as black, #RRGGBB, or keep"):
        opened(RAMP, background="bleu")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_one_number_that_is_none_is_told(array, value):
    floats = np.linspace(0, 1, 128, dtype=np.float32).reshape(2, 8, 8)
    floats[1, 3, 4] = value
    clear = np.ones((2, 8, 8, 4))
    clear[..., 3] = floats
    for samples in (floats, clear):
        with pytest.raises(GansmithError, match="some values are NaN or infinite"):
            array(samples)


def test_the_largest_numbers_there_are_have_ends_too(array):
    ends = np.finfo(np.float64).max * np.linspace(-1, 1, 128).reshape(2, 8, 8)
    with pytest.raises(GansmithError, match="which are black and white"):
        array(ends)
