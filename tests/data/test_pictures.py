"""Images come through bit for bit where they can, and sensibly where they cannot."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from gansmith.data import Source
from gansmith.data.pictures import UNREADABLE, format_of, header, open_image, to_pixels
from gansmith.data.rendering import Rendering
from gansmith.data.shades import Extremes, Shades, spans_of

GRAY = Rendering(8, "L")
RAMP = (np.arange(64, dtype=np.uint8) * 4).reshape(8, 8)
COLOUR = np.random.default_rng(1).integers(0, 256, (8, 8, 3), dtype=np.uint8)


def through(data, size=8, **shades):
    extremes = Extremes()
    open_image(data, extremes=extremes)
    spans, _ = spans_of(extremes, Source("test"), "test")
    image = open_image(data, Shades(spans, **shades))
    return to_pixels(image, Rendering(size, image.mode))


@pytest.mark.parametrize(
    "kind, options", [("PNG", {}), ("BMP", {}), ("TIFF", {}), ("PPM", {}), ("WEBP", {"lossless": True})]
)
def test_eight_bits_come_through_bit_for_bit(encode, kind, options):
    colour = through(encode(COLOUR, kind, **options))
    assert colour.dtype == np.uint8 and colour.flags.writeable and np.array_equal(colour, COLOUR.transpose(2, 0, 1))
    if kind != "WEBP":  # which has no gray
        gray = through(encode(RAMP, kind))
        assert gray.flags.writeable and np.array_equal(gray, RAMP[None])


def test_a_path_bytes_and_both_in_a_cell_are_the_same_image(tmp_path, encode):
    (tmp_path / "a.png").write_bytes(encode(RAMP))
    cells = [encode(RAMP), str(tmp_path / "a.png"), {"bytes": encode(RAMP), "path": "elsewhere.png"}]
    cells.append({"bytes": None, "path": str(tmp_path / "a.png")})
    assert all(np.array_equal(through(cell), RAMP[None]) for cell in cells)


@pytest.mark.parametrize(
    "kind, dtype", [("PNG", np.uint16), ("TIFF", np.uint16), ("TIFF", np.int32), ("PPM", np.int32)]
)
def test_sixteen_bits_of_gray_become_the_eight_high_ones(encode, kind, dtype):
    assert np.array_equal(through(encode(RAMP.astype(dtype) * 257, kind)), RAMP[None])
    nearly = RAMP.astype(np.int64) * 257 + np.where(RAMP > 0, -100, 100)
    assert np.array_equal(through(encode(nearly.astype(dtype), kind)), RAMP[None])


def test_floats_are_shares_of_white(encode):
    assert np.array_equal(through(encode((RAMP / 255).astype(np.float32), "TIFF")), RAMP[None])
    assert np.array_equal(through(encode(RAMP.astype(np.float32), "TIFF")), RAMP[None])


def test_one_bit_is_black_and_white(encode):
    image = Image.fromarray(RAMP).point(lambda v: 255 * (v > 100)).convert("1")
    assert np.array_equal(through(encode(image)), np.where(RAMP > 100, 255, 0)[None])


def test_a_palette_holds_colour_only_if_its_colours_do(encode):
    colours = Image.fromarray(COLOUR).quantize(16)
    assert np.array_equal(through(encode(colours)), np.asarray(colours.convert("RGB")).transpose(2, 0, 1))
    assert np.array_equal(through(encode(Image.fromarray(RAMP).convert("P"))), RAMP[None])
    assert np.array_equal(through(encode(RAMP, "GIF")), RAMP[None])


def test_what_is_transparent_shows_white(encode):
    alpha = np.zeros((8, 8), dtype=np.uint8)
    alpha[:4], alpha[4, 0] = 255, 128
    for picture, expected in ((COLOUR, COLOUR), (RAMP[..., None], RAMP[..., None])):
        rgba = Image.fromarray(np.concatenate([picture, alpha[..., None]], axis=2))
        pixels = through(encode(rgba)).transpose(1, 2, 0)
        assert np.array_equal(pixels[:4], expected[:4])
        assert (pixels[4, 1:] == 255).all() and (pixels[5:] == 255).all()
        assert np.allclose(pixels[4, 0], 255 - (255 - expected[4, 0].astype(float)) * 128 / 255, atol=1)


def test_a_photo_stands_upright(encode):
    tall = np.zeros((8, 4, 3), dtype=np.uint8)
    tall[:4] = 255  # white above, black below
    for orientation, turn in ((1, 0), (3, 2), (6, 1), (8, -1)):  # how a camera stores it, and the quarter turns it lies
        exif = Image.Exif()
        exif[0x0112] = orientation
        stored = Image.fromarray(np.rot90(tall, turn).copy())
        pixels = through(encode(stored, "JPEG", quality=100, exif=exif), size=4)
        assert pixels[:, :2].min() > 200 and pixels[:, 2:].max() < 50, orientation


def test_cropping_keeps_the_centre_and_resizing_the_mean():
    wide = np.concatenate([np.zeros((8, 4)), RAMP, np.zeros((8, 4))], axis=1).astype(np.uint8)
    assert np.array_equal(to_pixels(Image.fromarray(wide), GRAY), RAMP[None])
    smooth = np.kron(RAMP, np.ones((4, 4))).astype(np.uint8)
    small = to_pixels(Image.fromarray(smooth), GRAY).astype(float)
    assert abs(small - RAMP).max() < 40 and abs(small.mean() - RAMP.mean()) < 1
    checks = np.indices((32, 32)).sum(axis=0) % 2 * 255
    gray = to_pixels(Image.fromarray(checks.astype(np.uint8)), GRAY)
    assert (abs(gray.astype(int) - 127) < 30).all()  # not some of the black and white pixels, but what they add up to


def test_gray_and_colour_convert_into_each_other():
    assert np.array_equal(to_pixels(Image.fromarray(RAMP), Rendering(8, "RGB")), np.stack([RAMP] * 3))
    luma = COLOUR @ np.array([0.299, 0.587, 0.114])
    assert abs(to_pixels(Image.fromarray(COLOUR), GRAY)[0] - luma).max() <= 1


def test_broken_files_raise_what_the_callers_expect(encode):
    whole = encode(COLOUR, "JPEG")
    for broken in (
        whole[: len(whole) // 2],
        b"",
        b"no image at all",
        None,
        {"bytes": None, "path": None},
        "/no/such.png",
    ):
        with pytest.raises(UNREADABLE):
            open_image(broken)


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "PPM", "WEBP", "JPEG", "GIF"])
def test_a_file_s_first_bytes_tell_its_format(encode, kind):
    name, read = format_of(encode(COLOUR, kind)[:32])
    assert (name, read) == (kind, True)
    assert format_of(b"BM, and then words") is None  # no size stands there
    assert format_of(b"nothing" + bytes(25)) is None


def test_a_header_tells_of_sixteen_bits_of_colour(encode):
    rows = b"".join(b"\0" + COLOUR[row].astype(">u2").tobytes() for row in range(8))
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 16, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    deep = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    assert header(deep).size == (8, 8) and header(deep).deep
    assert not header(encode(COLOUR)).deep and not header(encode(RAMP)).deep
    assert not header(encode(RAMP.astype(np.uint16) * 257)).deep  # of gray, sixteen are read


def test_a_background_may_be_any_colour_that_has_a_name(encode):
    clear = encode(Image.new("RGBA", (8, 8), (0, 0, 0, 0)))
    assert to_pixels(open_image(clear, Shades(background="#ff0000")), Rendering(8, "RGB"))[:, 0, 0].tolist() == [
        255,
        0,
        0,
    ]
    assert open_image(clear, Shades(background="#808080ff")).mode == "RGB"
