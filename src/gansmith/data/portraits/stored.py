"""Portraits as a data set: drawn once, then read from the cache."""

from __future__ import annotations

import hashlib
import logging
import warnings
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from gansmith.data.attributes import asked
from gansmith.data.images import Resident, describe
from gansmith.data.portraits.drawing import attributes, draw
from gansmith.data.portraits.people import ATTRIBUTES, SIDED
from gansmith.data.room import check_room
from gansmith.data.source import Source
from gansmith.errors import GansmithError, unknown
from gansmith.files import cache_folder, write_atomically

log = logging.getLogger(__name__)

VERSION = 1  # of the drawing; raised whenever a portrait changes, so that old ones are not taken for new
COUNT, SIDE = 20_000, 64
SMALLEST, LARGEST = 32, 128  # sides in pixels: below, features blur; above, edges look cut out of paper
HELD_OUT = 2**32
"""The first portrait of those that no training set reaches: `portraits(64, 5000, first=HELD_OUT)`."""
SLOW = 2**22  # pixels that take longer to draw than one would wait without a word
PART = 1_000  # portraits drawn at a time


def portraits(
    size: int = SIDE, count: int = COUNT, first: int = 0, seed: int = 0, names: list[str] | None = None
) -> Resident:
    """Return drawn faces with known attributes: portraits `first` to `first + count − 1` of a seed.

    They are drawn once and kept in the cache folder; a file there that is damaged is drawn again.

    Args:
        size: side in pixels, 32 to 128.
        count: how many.
        first: number of the first one. Those from `HELD_OUT` on are in no training set.
        seed: other seeds have other portraits.
        names: attributes to come with them; by default all of `ATTRIBUTES`.
    """
    _check(size, count)
    chosen = list(ATTRIBUTES) if names is None else names
    for name in chosen:
        if name not in ATTRIBUTES:
            raise unknown("attribute", name, ATTRIBUTES)
    path = cache_folder() / f"portraits-{VERSION}-{seed}-{first}-{count}-{size}.safetensors"
    images = _recall(path, (count, 3, size, size))
    if images is None:
        images = _drawn(seed, first, count, size)
        _remember(path, images)
    known = attributes(seed, range(first, first + count))[:, [ATTRIBUTES.index(name) for name in chosen]]
    return Resident(images, None, [], describe("portraits", images.shape), known.contiguous(), chosen)


def open_portraits(source: Source, fit: Callable[[int], int]) -> Resident:
    """Return the portraits that `portraits` or `portraits:COUNT` names."""
    _, colon, told = source.data.partition(":")
    if colon and not (told.isascii() and told.isdecimal() and int(told)):
        raise GansmithError(f"--data {source.data}: how many? portraits:50000 draws 50,000")
    count, size = int(told or COUNT), source.image_size or fit(SIDE)
    _check(size, count)
    room = count * 3 * size**2 / 2**30
    if room > source.resident_limit:
        raise GansmithError(
            f"--data {source.data}: {room:.1f} GiB at {size}x{size}, over --resident-limit {source.resident_limit:g}: "
            "ask for fewer, for a smaller --image-size, or raise the limit"
        )
    return portraits(size, count, names=_names(source))


def _names(source: Source) -> list[str]:
    """Return the attributes that are asked for, or all that stay true of the portraits."""
    names = asked(source)
    if not source.flip:
        return names or list(ATTRIBUTES)
    for name in SIDED:
        if name in names:
            raise GansmithError(f"--flip: {name} is not what it was in a mirror: leave out one of the two")
    return names or [name for name in ATTRIBUTES if name not in SIDED]


def _check(size: int, count: int) -> None:
    if not SMALLEST <= size <= LARGEST:
        raise GansmithError(
            f"image_size = {size}: portraits are drawn {SMALLEST} to {LARGEST} pixels wide: "
            "set --image-size, or a network that makes such images"
        )
    if count < 1:
        raise GansmithError(f"count = {count}: at least one portrait")
    called = f"{count:,} portraits at {size}x{size}"
    check_room(count * 3 * size**2, called, "ask for fewer, or for a smaller --image-size")


def _drawn(seed: int, first: int, count: int, size: int) -> Tensor:
    if count * size**2 > SLOW:
        log.info("drawing %s portraits of %dx%d pixels, once …", f"{count:,}", size, size)
    images = torch.empty(count, 3, size, size, dtype=torch.uint8)
    for start in range(0, count, PART):
        part = range(start, min(start + PART, count))
        images[part.start : part.stop] = draw(seed, range(first + part.start, first + part.stop), size)[0]
    return images


def _digest(images: Tensor) -> str:
    return hashlib.blake2b(images.numpy().data, digest_size=16).hexdigest()


def _recall(path: Path, shape: tuple[int, ...]) -> Tensor | None:
    """Return the images from the cache; None if they are not there, or not as they were written."""
    try:
        with safe_open(path, "pt") as file:
            images: Tensor = file.get_tensor("images").clone()
            written = file.metadata()["digest"]
    except (OSError, SafetensorError, RuntimeError, KeyError, TypeError):
        return None
    return images if tuple(images.shape) == shape and _digest(images) == written else None


def _remember(path: Path, images: Tensor) -> None:
    about = {"digest": _digest(images)}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, lambda temporary: save_file({"images": images}, temporary, about))
    except (OSError, SafetensorError) as error:
        told = getattr(error, "strerror", None) or error
        warnings.warn(f"{path.parent}: {told}; the portraits will be drawn again next time", stacklevel=3)
