"""One picture of somebody's own, as a generator's samples are: converted with a word, or refused in one line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from gansmith.data.images import KINDS, to_range
from gansmith.data.pictures import FORMATS, UNREADABLE, format_of, header, open_image, to_pixels
from gansmith.data.rendering import Rendering
from gansmith.data.shades import Shades
from gansmith.data.source import KEPT
from gansmith.errors import GansmithError

PIXELS = 2**26  # of a picture that is decoded
MODES = {1: "L", 3: "RGB", 4: "RGBA"}
READ = ", ".join(FORMATS)
SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".ppm", ".pgm", ".webp", ".tif", ".tiff")


def read_picture(
    source: Path | bytes, shape: Sequence[int], called: str = "", most: int = PIXELS
) -> tuple[Tensor, list[str]]:
    """Return a picture (C, H, W) in [−1, 1], and what was done to it, a line each.

    Args:
        source: a file, or what one holds.
        shape: (C, S, S) that it shall have; its largest centred square is kept and resized.
        called: its name, for what is told.
        most: pixels that it may have, asked before anything is decoded.

    Raises:
        GansmithError: if it is no picture of a known format, too large or damaged.
    """
    name = called or _name(source)
    mode = MODES.get(shape[0])
    if len(shape) != 3 or mode is None:
        raise GansmithError(f"{name}: pictures are gray, in colour or with alpha, and no samples of shape {shape}")
    image, several = decoded(source, name, Shades(background=KEPT) if mode == "RGBA" else Shades(), most)
    notes = [f"{name} holds several frames or pages: the first is taken"] if several else []
    width, height = image.size
    if width != height:
        notes.append(f"{name}: {width}x{height} is not square: its centre is kept")
    if min(image.size) != shape[1]:
        notes.append(f"{name}: {width}x{height} is resized to {shape[2]}x{shape[1]}")
    if image.mode != mode and not (image.mode == "L" and mode == "RGB"):
        notes.append(f"{name}: {KINDS[len(image.mode)]} becomes {KINDS[shape[0]]}")
    elif image.mode != mode:
        notes.append(f"{name}: gray stays gray, in a picture of colour")
    return to_range(torch.from_numpy(to_pixels(image, Rendering(shape[1], mode)))), notes


def decoded(source: Path | bytes, name: str, shades: Shades, most: int = PIXELS) -> tuple[Image.Image, bool]:
    """Return the upright image that a file or bytes hold, and whether there are more in it; see `read_picture`."""
    if isinstance(source, Path) and not source.is_file():
        raise GansmithError(f"{name}: there is no such file")
    try:
        found = header({"path": str(source)} if isinstance(source, Path) else source)
        if found.size[0] * found.size[1] > most:
            size = f"{found.size[0]:,}x{found.size[1]:,}"
            raise GansmithError(f"{name}: {size} pixels are too many, {most:,} in all are the most: make it smaller")
        return open_image({"path": str(source)} if isinstance(source, Path) else source, shades), found.several
    except UNREADABLE as error:
        raise _unreadable(source, name, error) from error


def found_in(places: Sequence[Path]) -> list[Path]:
    """Return the files of these places: files as they are, of folders the pictures in them by name."""
    files: list[Path] = []
    for place in places:
        inside = sorted(p for p in place.iterdir() if p.suffix.lower() in SUFFIXES) if place.is_dir() else [place]
        if not inside:
            raise GansmithError(f"{place}: no pictures lie in this folder")
        files += inside
    return files


def _name(source: Path | bytes) -> str:
    return str(source) if isinstance(source, Path) else "the picture"


def _unreadable(source: Path | bytes, name: str, error: Exception) -> GansmithError:
    """Return the line that says why there is no picture."""
    if isinstance(error, Image.DecompressionBombError):
        return GansmithError(f"{name}: it would be unpacked to too many pixels: make it smaller")
    kind = format_of(_head(source))
    if kind is None:
        return GansmithError(f"{name} is no picture that is known: give one of {READ}")
    if not kind[1]:
        return GansmithError(f"{name} is {kind[0]}, which is not read: save it as one of {READ}")
    reason = (str(error).splitlines() or [type(error).__name__])[0]
    return GansmithError(f"{name} is a damaged {kind[0]} ({reason}): save it anew")


def _head(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source[:32]
    with source.open("rb") as file:
        return file.read(32)
