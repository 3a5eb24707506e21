"""Pictures of more than 8 bits, by the letter of their formats: what is not read of them is said."""

import struct
import zlib

import numpy as np
import pytest

from gansmith.data import Source, open_dataset
from gansmith.errors import GansmithError


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png16(values):
    """Return a PNG of 16 bits a channel by the letter of its specification: colour type 2, 4 or 6, no filter."""
    height, width, channels = values.shape
    about = struct.pack(">IIBBBBB", width, height, 16, {3: 2, 2: 4, 4: 6}[channels], 0, 0, 0)
    lines = b"".join(b"\0" + line.astype(">u2").tobytes() for line in values)
    packed = chunk(b"IDAT", zlib.compress(lines))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", about) + packed + chunk(b"IEND", b"")


def test_colour_of_twelve_bits_in_sixteen_is_refused_and_of_sixteen_is_said(pictures):
    """PNG 11.2.1, colour type 2 of 16 bits. Before: 0 to 15 of 255, all but black."""
    rng = np.random.default_rng(0)
    dark = [png16(rng.integers(0, 4096, (8, 8, 3))) for _ in range(3)]
    with pytest.raises(
        GansmithError, match=r"16 bits a channel, of which the upper 8 are read, and these run from 0 to"
    ):
        open_dataset(pictures(*dark))
    data = open_dataset(pictures(*(png16(rng.integers(0, 65536, (8, 8, 3))) for _ in range(3))))
    assert "3 of 3 pictures looked at hold 16 bits a channel: the upper 8 are read" in data.notes


def test_a_ppm_of_sixteen_bits_is_said(pictures):
    """Its maxval, of Netpbm's ppm(5), goes up to 65,535. Before, nothing was said."""
    values = np.random.default_rng(0).integers(0, 65536, (8, 8, 3))
    for letter, body in (("P6", values.astype(">u2").tobytes()), ("P3", " ".join(map(str, values.ravel())).encode())):
        data = open_dataset(pictures(f"{letter} 8 8 65535\n".encode() + body, suffix="ppm"))
        assert data.notes == ["1 of 1 pictures looked at hold 16 bits a channel: the upper 8 are read"]
        assert np.abs(data.samples[0].numpy().transpose(1, 2, 0) - values / 257).max() <= 1


@pytest.mark.parametrize("background", ["white", "black", "keep"])
def test_a_transparent_gray_of_sixteen_bits_is_transparent(pictures, background):
    """PNG 11.3.2.1, tRNS of colour type 0. Before, it was said to be laid on white, and was not."""
    values = np.random.default_rng(0).integers(0, 65536, (8, 8))
    values[0], values[1, 0] = 5, 65535
    lines = b"".join(b"\0" + line.astype(">u2").tobytes() for line in values)
    about = chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 16, 0, 0, 0, 0)) + chunk(b"tRNS", struct.pack(">H", 5))
    content = b"\x89PNG\r\n\x1a\n" + about + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
    data = open_dataset(Source(pictures(content).data, background=background))
    assert np.abs(data.samples[0, 0, 1:].numpy() - values[1:] / 257).max() <= 1
    if background == "keep":
        assert data.samples[0, 3, 0].tolist() == [0] * 8 and data.samples[0, 3, 1:].min() == 255
    else:
        assert data.samples[0, 0, 0].tolist() == [255 if background == "white" else 0] * 8


def test_gamma_of_a_png_is_left_as_it_is(pictures):
    """PNG 11.3.2.2: gAMA is told to viewers; trainers of all kinds read the numbers."""
    content = png16(np.full((8, 8, 3), 128 * 257))
    content = content[:33] + chunk(b"gAMA", struct.pack(">I", 100000)) + content[33:]
    assert open_dataset(pictures(content, content)).samples.unique().tolist() == [128]


@pytest.mark.parametrize(("white", "deep"), [(255, False), (256, True)])
@pytest.mark.parametrize("letter", [b"P3", b"P6"])
def test_a_colour_ppm_is_deep_from_256_on(pictures, letter, white, deep):
    shades = np.arange(192).astype(">u2" if deep else ">u1")
    body = " ".join(map(str, shades)).encode() if letter == b"P3" else shades.tobytes()
    dataset = open_dataset(pictures(b"%s 8 8 %d\n" % (letter, white) + body, suffix="ppm"))
    assert any("bits" in note for note in dataset.notes) == deep, dataset.notes
