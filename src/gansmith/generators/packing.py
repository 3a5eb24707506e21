"""Pictures as text, to stand in a file's description: bytes of their pixels, compressed."""

from __future__ import annotations

import base64
import functools
import math
import zlib

import torch
from torch import Tensor

from gansmith.data.images import to_bytes, to_range
from gansmith.errors import GansmithError


def packed(pictures: Tensor) -> tuple[str, ...]:
    """Return pictures (N, …) in [−1, 1] as texts, rounded to the 256 values of a byte."""
    return tuple(
        base64.b85encode(zlib.compress(one.contiguous().numpy().tobytes(), 9)).decode() for one in to_bytes(pictures)
    )


@functools.lru_cache(maxsize=4)
def unpacked(texts: tuple[str, ...], shape: tuple[int, ...]) -> Tensor:
    """Return the pictures (N, *shape) of texts, or say that they are none.

    >>> unpacked(packed(torch.tensor([[1.0, -1.0]])), (2,)).tolist()
    [[1.0, -1.0]]
    """
    size = math.prod(shape)
    pictures = []
    for text in texts:
        try:
            content = zlib.decompressobj().decompress(base64.b85decode(text), size + 1)
        except (ValueError, zlib.error) as error:
            raise GansmithError(f"views: what the generator is shown cannot be read ({error})") from error
        if len(content) != size:
            raise GansmithError(f"views: what the generator is shown has not the shape {shape}")
        pictures.append(torch.frombuffer(bytearray(content), dtype=torch.uint8).reshape(shape))
    return to_range(torch.stack(pictures))
