"""Data: real samples, in an order that is a function of (seed, position)."""

from __future__ import annotations

from collections.abc import Callable

from gansmith.config import Source
from gansmith.data.dataset import Batch, Dataset
from gansmith.errors import GansmithError, unknown

__all__ = ["BUILT_IN", "Batch", "Dataset", "open_dataset"]

BUILT_IN: dict[str, str] = {
    "normal": "1-D normal N(5, 1)",
    "ring": "8 Gaussians on a ring",
    "grid": "25 Gaussians on a grid",
    "moons": "two half moons",
    "swissroll": "Swiss roll in the plane",
    "digits": "1,797 real handwritten digits, 8x8, labelled (scikit-learn)",
}


def open_dataset(source: Source, fit: Callable[[int], int] = lambda side: side) -> Dataset:
    """Open the data that a recipe names.

    Args:
        source: what and how.
        fit: maps the images' own side to the side to train at; asked only if `source.image_size` is not set.

    Raises:
        GansmithError: if there is no such set, file, folder, column or readable image.
    """
    name = source.data
    if source.image_size is not None and source.image_size < 1:
        raise GansmithError(f"--image-size {source.image_size} is not a number of pixels")
    if name == "digits":
        from gansmith.data.digits import digits

        return digits(source.image_size or fit(8))
    if name in BUILT_IN:
        from gansmith.data.toys import TOYS

        return TOYS[name]()
    looks_outside = any(mark in name for mark in ("/", "\\", ".", "hub:")) or name.startswith("~")
    from pathlib import Path

    if not looks_outside and not Path(name).exists():
        raise unknown("data set", name, BUILT_IN)
    from gansmith.data.outside import open_outside

    return open_outside(source, fit)
