"""One picture of somebody's own becomes what samples are, with a word; anything else is one line."""

import io
import struct
import zlib

import numpy as np
import pytest
import torch
from PIL import Image

from gansmith.data.single import found_in, read_picture
from gansmith.errors import GansmithError


def saved(image, kind="PNG"):
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


def colours(width=16, height=16, mode="RGB"):
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 4), dtype=np.uint8)
    return Image.fromarray(pixels).convert(mode)


def test_a_picture_of_the_right_kind_stays_as_it_is():
    image = colours()
    picture, notes = read_picture(saved(image), (3, 16, 16))
    expected = torch.from_numpy(np.array(image)).permute(2, 0, 1) / 127.5 - 1
    torch.testing.assert_close(picture, expected)
    assert notes == []


@pytest.mark.parametrize(
    ("image", "kind", "shape", "told"),
    [
        (colours(40, 40), "PNG", (3, 16, 16), ["40x40 is resized to 16x16"]),
        (colours(8, 8), "BMP", (3, 16, 16), ["8x8 is resized"]),
        (colours(40, 20), "JPEG", (3, 16, 16), ["not square: its centre is kept", "40x20 is resized"]),
        (colours(), "PNG", (1, 16, 16), ["colour becomes gray"]),
        (colours(mode="L"), "PNG", (3, 16, 16), ["gray stays gray"]),
        (colours(mode="RGBA"), "PNG", (3, 16, 16), []),
    ],
)
def test_another_size_colour_or_format_is_converted_and_told(image, kind, shape, told):
    picture, notes = read_picture(saved(image, kind), shape, "mine")
    assert picture.shape == shape and -1 <= picture.min() < picture.max() <= 1
    assert len(notes) == len(told) and all(a in b and b.startswith("mine") for a, b in zip(told, notes, strict=True))


def bomb():
    """A PNG of few bytes that says it has 10⁹ pixels."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 40_000, 25_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"a, b, c", "no picture that is known"),
        (b"%!PS-Adobe-3.0 EPSF", "is EPS, which is not read"),
        (saved(colours())[:200], "damaged PNG"),
        (bomb(), "too many pixels"),
        (b"", "no picture"),
    ],
)
def test_what_cannot_be_read_is_one_line(content, told):
    with pytest.raises(GansmithError, match=told) as error:
        read_picture(content, (3, 16, 16), "x.png")
    assert "\n" not in str(error.value) and str(error.value).startswith("x.png")


def test_too_many_pixels_are_refused_before_they_are_decoded(monkeypatch):
    monkeypatch.setattr("gansmith.data.single.open_image", lambda *_: pytest.fail("decoded"))
    with pytest.raises(GansmithError, match="400 in all are the most"):
        read_picture(saved(colours(40, 40)), (3, 16, 16), most=400)


def test_folders_hold_pictures_by_name(tmp_path):
    for name in ("b.png", "a.jpg", "notes.txt"):
        (tmp_path / name).write_bytes(b"")
    assert [p.name for p in found_in([tmp_path, tmp_path / "c.png"])] == ["a.jpg", "b.png", "c.png"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(GansmithError, match="no pictures lie"):
        found_in([tmp_path / "empty"])
    with pytest.raises(GansmithError, match="no such file"):
        read_picture(tmp_path / "none.png", (3, 16, 16))
