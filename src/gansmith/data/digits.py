"""Handwritten digits that come with scikit-learn: real images without a download."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from gansmith.data.images import Resident
from gansmith.data.pictures import to_pixels


def digits(size: int = 8) -> Resident:
    """Return 1,797 handwritten digits, 8×8 pixels in 17 shades, resized to `size`.

    E. Alpaydin, C. Kaynak 1998, "Optical recognition of handwritten digits", UCI machine learning repository.
    """
    from sklearn.datasets import load_digits

    bunch = load_digits()
    shades = np.round(bunch.images * (255 / 16)).astype(np.uint8)
    pixels = np.stack([to_pixels(Image.fromarray(picture), size, gray=True) for picture in shades])
    labels = torch.from_numpy(bunch.target.astype(np.int64))
    names = [str(name) for name in bunch.target_names]
    description = f"digits: {len(pixels):,} handwritten digits, {size}x{size}, gray"
    return Resident(torch.from_numpy(pixels), labels, names, description, *_attributes(bunch.images, labels))


def _attributes(images: NDArray[np.float64], labels: Tensor) -> tuple[Tensor, list[str]]:
    """Return what can be told of each digit: is it bold, does it lean to the right (both in [0, 1]), is it even?"""
    ink = images.sum(axis=(1, 2))
    rows, columns = np.mgrid[:8, :8]
    y = rows - (images * rows).sum(axis=(1, 2), keepdims=True) / ink[:, None, None]
    x = columns - (images * columns).sum(axis=(1, 2), keepdims=True) / ink[:, None, None]
    lean = -(images * x * y).sum(axis=(1, 2)) / (images * y * y).sum(axis=(1, 2))
    ranks = [np.argsort(np.argsort(values, kind="stable")) / (len(values) - 1) for values in (ink, lean)]
    even = (labels % 2 == 0).double().numpy()
    return torch.from_numpy(np.stack([*ranks, even], axis=1)).float(), ["bold", "leaning", "even"]
