"""From files to pixels: decoding, cropping and resizing of single images."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor, ImageOps, UnidentifiedImageError

from gansmith.data.source import Fit

Pixels = NDArray[np.uint8]
UNREADABLE = (
    OSError,
    UnidentifiedImageError,
    SyntaxError,
    ValueError,
    EOFError,
    struct.error,
    Image.DecompressionBombError,
)
DEEP_MODES = {"I", "I;16", "I;16L", "I;16B", "I;16N", "F"}
GRAY_MODES = {"1", "L", "LA", *DEEP_MODES}
CUBIC = Image.Resampling.BICUBIC
FITTING: dict[Fit, Callable[[Image.Image, tuple[int, int]], Image.Image]] = {
    "crop": lambda image, size: ImageOps.fit(image, size, CUBIC),
    "pad": lambda image, size: ImageOps.pad(image, size, CUBIC, ImageColor.getcolor("white", image.mode)),
    "stretch": lambda image, size: image.resize(size, CUBIC),
}


def open_image(cell: Any) -> Image.Image:
    """Return the upright image in one cell of a table, gray ("L") if the file holds no colour, else "RGB".

    Args:
        cell: encoded bytes, a path, both in a dict, or an image in one of these two modes already.

    Raises:
        one of `UNREADABLE`.
    """
    if isinstance(cell, Image.Image):
        return cell
    with _opened(cell) as file:
        file.load()
        image = ImageOps.exif_transpose(file)
    mode = "L" if _is_gray(image) else "RGB"
    if image.mode in DEEP_MODES:
        image = _shallow(image)
    if "A" in image.mode or "transparency" in image.info:
        rgba = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)
    return image if image.mode == mode else image.convert(mode)


def header(cell: Any) -> tuple[int, int]:
    """Return width and height of the image in a cell, read from its first bytes; it may lie on its side.

    Raises:
        one of `UNREADABLE`.
    """
    if isinstance(cell, Image.Image):
        return cell.size
    with _opened(cell) as file:
        return file.size


def _opened(cell: Any) -> Image.Image:
    """Return an image that is not decoded yet."""
    if isinstance(cell, dict):
        cell = cell.get("bytes") or cell.get("path")
    if cell is None:
        raise ValueError("empty cell")
    return Image.open(io.BytesIO(cell) if isinstance(cell, bytes) else cell)


def to_pixels(image: Image.Image, size: int, gray: bool, fit: Fit = "crop") -> Pixels:
    """Return (C, size, size) bytes: the largest centred square, or all of it, padded with white or stretched.

    Enlarging interpolates bicubically; shrinking also filters what the smaller image cannot hold.
    """
    image = image.convert("L" if gray else "RGB")
    if image.size != (size, size):
        image = FITTING[fit](image, (size, size))
    pixels = np.array(image, dtype=np.uint8)  # a copy: torch wants memory it may write to
    return pixels[None] if gray else np.ascontiguousarray(pixels.transpose(2, 0, 1))


def _is_gray(image: Image.Image) -> bool:
    """Tell whether the file itself holds no colour; a palette of grays holds none."""
    if image.mode == "P":
        palette = np.reshape(image.getpalette() or [], (-1, 3))
        return bool((palette == palette[:, :1]).all())
    return image.mode in GRAY_MODES


def _shallow(image: Image.Image) -> Image.Image:
    """Return 8 bits of 16 (65535 is white), or of floats (1 is white; where some are larger, 255 is)."""
    values = np.asarray(image, dtype=np.float64)
    if image.mode != "F":
        values = values / 257
    elif values.max() <= 1:
        values = values * 255
    return Image.fromarray(values.round().clip(0, 255).astype(np.uint8))
