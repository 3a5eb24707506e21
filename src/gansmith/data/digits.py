"""Handwritten digits that come with scikit-learn: real images without a download."""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image

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
    return Resident(torch.from_numpy(pixels), labels, names, description)
