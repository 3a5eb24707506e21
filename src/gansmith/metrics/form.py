"""The form in which samples are compared: one size, value range and precision, whichever way they come in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from gansmith.data.images import to_bytes, to_range
from gansmith.errors import GansmithError


@dataclass(frozen=True)
class Form:
    """What samples are turned into before anything looks at them.

    Images are compared at the size of the generated ones, to which real ones are resized, in the 256 shades that a
    picture file holds, as float32 in [−1, 1]: what a generator made is then the same as its pictures on disk. Bytes and
    floats of the same pictures agree; floats are rounded, and clipped to the range. Vectors are compared as float32.

    Attributes:
        shape: of a sample that is measured, (C, H, W) or (D,).
    """

    shape: tuple[int, ...]

    @property
    def size(self) -> int | None:
        """The side that real images are resized to; None for vectors."""
        return self.shape[2] if len(self.shape) == 3 else None

    def __call__(self, samples: Tensor) -> Tensor:
        """Return samples (N, *shape), bytes or floats of any precision, in this form.

        Raises:
            GansmithError: if they have another shape, or are not numbers.
        """
        if tuple(samples.shape[1:]) != self.shape:
            raise GansmithError(f"samples of {words(samples.shape[1:])} cannot be compared with {words(self.shape)}")
        if samples.dtype == torch.uint8 and self.size:
            return to_range(samples)
        if not samples.isfinite().all():
            raise GansmithError("some samples are NaN or infinite: the generator diverged?")
        return to_range(to_bytes(samples)) if self.size else samples.float()

    def about(self) -> dict[str, Any]:
        """Return the facts of it that belong beside every figure."""
        if not self.size:
            return {"vectors": self.shape[0], "value range": "as they are, float32"}
        return {
            "images": words(self.shape),
            "size": f"{self.shape[2]}x{self.shape[1]}, that of the generated images",
            "value range": "[-1, 1]",
            "precision": "256 shades, as float32",
            "resize": "bicubic (Pillow, with antialiasing), of the squares that --fit makes",
        }


def words(shape: tuple[int, ...]) -> str:
    """Return a shape for people.

    >>> words((3, 32, 32))
    '3x32x32'
    """
    return "x".join(map(str, shape))
