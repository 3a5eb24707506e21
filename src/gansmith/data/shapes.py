"""What the samples of an array are, by its shape: every number of a sample is kept, or it is asked what they are."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gansmith.data.source import Source
from gansmith.errors import GansmithError

Array = NDArray[Any]
CHANNELS = (1, 3, 4)
FORMS = "vectors (N, D) nor images (N, H, W), (N, H, W, C), (N, C, H, W) with 1, 3 or 4 channels"


def shaped(samples: Array, source: Source, called: str) -> Array:
    """Return an array as vectors (N, D) or as images (N, H, W) or (N, H, W, C).

    Raises:
        GansmithError: that says what the samples could be, and the flag that says which, unless the shape tells.
    """
    if samples.dtype.kind not in "biuf":
        raise GansmithError(f"{called}: holds {samples.dtype}, not real numbers")
    if samples.ndim == 0 or not samples.size:
        raise GansmithError(f"{called}: holds no samples")
    if isinstance(samples, np.ma.MaskedArray) and np.ma.is_masked(samples):
        raise GansmithError(
            f"{called}: {samples.mask.sum():,} values are masked: fill them in, or leave those rows out"
        )
    samples = np.asarray(samples)
    numbers = math.prod(samples.shape[1:])
    if source.as_ == "images" and samples.ndim == 1:
        raise GansmithError(f"{called}: shape {samples.shape} is one number a sample, and no image: leave --as out")
    if source.as_ == "vectors" or samples.ndim == 1:
        return samples.reshape(len(samples), numbers)
    if samples.ndim == 2:
        return _flat(samples, source, called)
    images = _images(samples)
    if images is None:
        raise GansmithError(
            f"{called}: shape {samples.shape} is neither {FORMS}: --as vectors takes each sample as its {numbers:,} "
            "numbers"
        )
    height, width = images.shape[1:3]
    if height != width and source.fit is None:
        raise GansmithError(
            f"{called}: shape {samples.shape} could be images {width}x{height}, which --fit pad, stretch or crop makes "
            f"square, or vectors of {numbers:,} numbers, --as vectors"
        )
    return images


def _flat(samples: Array, source: Source, called: str) -> Array:
    """Return rows of numbers: vectors, or images that were flattened."""
    side = math.isqrt(samples.shape[1])
    if source.as_ == "images":
        if side * side != samples.shape[1]:
            raise GansmithError(
                f"{called}: rows of {samples.shape[1]:,} numbers are no square gray images: reshape them to (N, H, W) "
                "or (N, H, W, C)"
            )
        return samples.reshape(-1, side, side)
    if samples.dtype == np.uint8 and source.as_ is None:
        images = f"images {side}x{side}, --as images" if side * side == samples.shape[1] else "images, reshaped"
        raise GansmithError(
            f"{called}: bytes of shape {samples.shape} could be images or vectors: {images}, or --as vectors"
        )
    return samples


def _images(samples: Array) -> Array | None:
    """Return images with their channels last, or None if they have other channels or axes."""
    if samples.ndim == 3:
        return samples
    if samples.ndim != 4:
        return None
    last, first = samples.shape[3] in CHANNELS, samples.shape[1] in CHANNELS
    if first and last:  # then it is the way that makes them square
        height, width, other = samples.shape[1:]
        last = height == width or width != other
    if first and not last:
        return samples.transpose(0, 2, 3, 1)
    return samples if last else None
