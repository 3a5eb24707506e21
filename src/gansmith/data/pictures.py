"""From files to pixels: decoding, cropping and resizing of single images."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

Pixels = NDArray[np.uint8]
UNREADABLE = (OSError, UnidentifiedImageError, SyntaxError, ValueError, Image.DecompressionBombError)
GRAY_MODES = {"1", "L", "LA", "La", "I", "I;16", "F"}


def open_image(cell: Any) -> Image.Image:
    """Return the image in one cell of a table: encoded bytes, a path, or both in a dict. Raises `UNREADABLE`."""
    if isinstance(cell, dict):
        cell = cell.get("bytes") or cell.get("path")
    if cell is None:
        raise ValueError("empty cell")
    image: Image.Image = Image.open(io.BytesIO(cell) if isinstance(cell, bytes) else cell)
    image.load()
    return ImageOps.exif_transpose(image)


def is_gray(image: Image.Image) -> bool:
    """Tell whether the file itself holds no colour."""
    return image.mode in GRAY_MODES


def to_pixels(image: Image.Image, size: int, gray: bool) -> Pixels:
    """Return (C, size, size) bytes: the largest centred square, resized; transparency lies on white.

    Enlarging interpolates bicubically; shrinking also filters what the smaller image cannot hold.
    """
    if image.mode in ("I;16", "I"):
        image = Image.fromarray((np.asarray(image, dtype=np.float64) / 257).clip(0, 255).astype(np.uint8))
    if "A" in image.mode or "transparency" in image.info:
        rgba = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)
    image = image.convert("L" if gray else "RGB")
    if image.size != (size, size):
        image = ImageOps.fit(image, (size, size), Image.Resampling.BICUBIC)
    pixels = np.asarray(image, dtype=np.uint8)
    return pixels[None] if gray else np.ascontiguousarray(pixels.transpose(2, 0, 1))
