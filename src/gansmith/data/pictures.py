"""From files to pixels: decoding, cropping and resizing of single images."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor, ImageOps, UnidentifiedImageError

from gansmith.data.shades import FULL, Extremes, Shades, shaded, storage_of

if TYPE_CHECKING:
    from gansmith.data.rendering import Rendering

Pixels = NDArray[np.uint8]
UNREADABLE = (
    OSError,
    UnidentifiedImageError,
    SyntaxError,
    ValueError,
    EOFError,
    TypeError,
    LookupError,
    ArithmeticError,
    struct.error,
    Image.DecompressionBombError,
)
DEEP_MODES = {"I", "I;16", "I;16L", "I;16B", "I;16N", "F"}
GRAY_MODES = {"1", "L", "LA", *DEEP_MODES}
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "PPM", "WEBP", "TIFF")
"""All that is decoded: none of them is a program, or starts one."""
STARTS = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    **{b"P%d%c" % (n, white): "PPM" for n in range(1, 7) for white in b" \t\n\r"},
    b"%!PS": "EPS",
    b"%PDF": "PDF",
    b"8BPS": "Photoshop",
    b"\xff\x0a": "JPEG XL",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
    b"DDS ": "DDS",
    b"v/1\x01": "OpenEXR",
    b"#?RADIANCE": "Radiance",
}
"""First bytes of a file, and its format."""
BRANDS = {b"avif": "AVIF", b"avis": "AVIF", b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIC", b"hevc": "HEIC"}
CUBIC = Image.Resampling.BICUBIC
EVERY = np.arange(256)
PHOTOMETRIC, WHITE_IS_ZERO = 262, 0  # of TIFF 6.0, page 37
SHADES = Shades()


class Header(NamedTuple):
    """What is known of an image before it is decoded."""

    size: tuple[int, int]
    """Width and height; it may lie on its side."""
    several: bool
    """Whether the file holds more frames or pages than its first."""
    transparent: bool
    deep: bool = False
    """Whether it holds 16 bits a channel and several channels, of which the upper 8 bits are decoded."""


def open_image(cell: Any, shades: Shades = SHADES, extremes: Extremes | None = None) -> Image.Image:
    """Return the upright image in one cell of a table: gray ("L") if the file holds no colour, else "RGB"; or "RGBA".

    Args:
        cell: encoded bytes, a path, both in a dict, or an image.
        shades: what black, white and the background are.
        extremes: notes the numbers that are seen.

    Raises:
        one of `UNREADABLE`.
    """
    inverted = False
    if isinstance(cell, Image.Image):
        image = cell
    else:
        with _opened(cell) as file:
            image, inverted = ImageOps.exif_transpose(file), _lies_inverted(file)
    if image.mode in DEEP_MODES:
        shallow = _shallow(image, inverted, shades, extremes)
        return _opaque(shallow, shades, gray=True) if shallow.mode == "RGBA" else shallow
    gray = _is_gray(image)
    mode = "RGBA" if is_transparent(image) else "L" if gray else "RGB"
    image = image if image.mode == mode else image.convert(mode)
    if extremes is not None:
        _note(image, extremes)
    span = shades.spans["bytes"]
    if span != FULL["bytes"]:
        table = [*map(int, shaded(EVERY, span))] * len(mode.rstrip("A"))
        image = image.point([*table, *EVERY.tolist()] if mode == "RGBA" else table)
    return _opaque(image, shades, gray) if mode == "RGBA" else image


def _note(image: Image.Image, extremes: Extremes) -> None:
    """Note the least and the largest number of all pixels that are not wholly transparent."""
    if image.mode != "RGBA":
        ends: Any = image.getextrema()
        ends = (ends,) if image.mode == "L" else ends
        extremes.add("bytes", min(low for low, _ in ends), max(high for _, high in ends))
        return
    pixels = np.asarray(image)
    seen = pixels[pixels[..., 3] > 0][:, :3]
    if seen.size:
        extremes.add("bytes", float(seen.min()), float(seen.max()))


def _opaque(image: Image.Image, shades: Shades, gray: bool) -> Image.Image:
    """Return an image with alpha as it is where that is kept, else "L" or "RGB", laid on the background."""
    if shades.keeps_alpha:
        return image
    red, green, blue = ImageColor.getrgb(shades.background)[:3]
    laid = Image.alpha_composite(Image.new("RGBA", image.size, shades.background), image)
    return laid.convert("L" if gray and red == green == blue else "RGB")


def is_transparent(image: Image.Image) -> bool:
    """Tell whether a file says how opaque its pixels are."""
    return bool(image.has_transparency_data)


def header(cell: Any) -> Header:
    """Return what the first bytes of the image in a cell tell.

    Raises:
        one of `UNREADABLE`.
    """
    if isinstance(cell, Image.Image):
        return Header(cell.size, False, is_transparent(cell))
    with _opened(cell) as file:
        return Header(file.size, getattr(file, "is_animated", False), is_transparent(file), _is_deep(file))


def format_of(head: bytes) -> tuple[str, bool] | None:
    """Return the format that a file's first 32 bytes tell, and whether it is read; None if it is no picture.

    >>> format_of(bytes.fromhex("ffd8ffe000104a46")), format_of(b"%!PS-Adobe-3.0 EPSF"), format_of(b"a, b, c")
    (('JPEG', True), ('EPS', False), None)
    """
    if head[:2] == b"BM" and len(head) >= 18 and head[6:10] == bytes(4):
        return "BMP", True
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP", True
    if head[4:8] == b"ftyp" and head[8:12] in BRANDS:
        return BRANDS[head[8:12]], False
    return next(((name, name in FORMATS) for start, name in STARTS.items() if head.startswith(start)), None)


def _opened(cell: Any) -> Image.Image:
    """Return an image that is not decoded yet."""
    if isinstance(cell, dict):
        cell = cell.get("bytes") or cell.get("path")
    if cell is None:
        raise ValueError("empty cell")
    if not isinstance(cell, bytes) and not Path(cell).is_file():  # a pipe would be waited for
        raise ValueError("no regular file")
    return Image.open(io.BytesIO(cell) if isinstance(cell, bytes) else cell, formats=FORMATS)


def to_pixels(image: Image.Image, how: Rendering) -> Pixels:
    """Return (C, size, size) bytes: the largest centred square, or all of it, padded or stretched.

    Enlarging interpolates bicubically; shrinking also filters what the smaller image cannot hold.
    """
    image, size = image.convert(how.mode), (how.size, how.size)
    if image.size == size:
        pass
    elif how.fit == "crop":
        image = ImageOps.fit(image, size, CUBIC)
    elif how.fit == "stretch":
        image = image.resize(size, CUBIC)
    else:
        around = "#0000" if how.shades.keeps_alpha else how.shades.background
        image = ImageOps.pad(image, size, CUBIC, ImageColor.getcolor(around, how.mode))
    pixels = np.array(image, dtype=np.uint8)  # a copy: torch wants memory it may write to
    return pixels[None] if pixels.ndim == 2 else np.ascontiguousarray(pixels.transpose(2, 0, 1))


def _is_gray(image: Image.Image) -> bool:
    """Tell whether the file itself holds no colour; a palette of grays holds none."""
    if image.mode == "P":
        palette = np.reshape(image.getpalette() or [], (-1, 3))
        return bool((palette == palette[:, :1]).all())
    return image.mode in GRAY_MODES


def _is_deep(file: Any) -> bool:
    """Tell whether a file holds more than 8 bits a channel and several channels."""
    tiles = getattr(file, "tile", ()) if file.mode in ("RGB", "RGBA", "LA") else ()
    largest = [tile.args[-1] for tile in tiles if tile.codec_name.startswith("ppm")]
    return any(";16" in str(tile) for tile in tiles) or any(number > 255 for number in largest)


def _shallow(image: Image.Image, inverted: bool, shades: Shades, extremes: Extremes | None) -> Image.Image:
    """Return 8 bits of more, or of floats; with alpha where a file names a number that is transparent."""
    values, storage = np.asarray(image), storage_of(np.dtype("float32" if image.mode == "F" else "uint16"))
    if not np.isfinite(values).all():
        raise ValueError("some values are NaN or infinite")
    if inverted:
        values = 65535 - values.astype(np.int64)
    if extremes is not None:
        extremes.add(storage, float(values.min()), float(values.max()))
    made = Image.fromarray(shaded(values, shades.spans[storage]))
    clear = image.info.get("transparency")
    if isinstance(clear, int):
        made = made.convert("RGBA")
        made.putalpha(Image.fromarray(np.where(values == clear, 0, 255).astype(np.uint8)))
    return made


def _lies_inverted(image: Image.Image) -> bool:
    """Tell whether 0 is white in a TIFF of 16 bits, which Pillow turns round in 8 bits alone."""
    return image.mode.startswith("I;16") and getattr(image, "tag_v2", {}).get(PHOTOMETRIC) == WHITE_IS_ZERO
