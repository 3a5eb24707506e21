"""Handwritten digits that come with scikit-learn: real images without a download."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from gansmith.data.images import Resident
from gansmith.data.pictures import to_pixels
from gansmith.data.rendering import Rendering
from gansmith.data.room import check_room
from gansmith.errors import GansmithError


def digits(size: int = 8) -> Resident:
    """Return 1,797 handwritten digits, 8×8 pixels in 17 shades, resized to `size`.

    E. Alpaydin, C. Kaynak 1998, "Optical recognition of handwritten digits", UCI machine learning repository.
    """
    images, classes = _read()
    check_room(2 * len(images) * size**2, f"--data digits at {size}x{size}", "use a smaller --image-size")
    shades = np.round(images * (255 / 16)).astype(np.uint8)
    pixels = np.stack([to_pixels(Image.fromarray(picture), Rendering(size, "L")) for picture in shades])
    labels = torch.from_numpy(classes)
    names = [str(name) for name in range(10)]
    description = f"digits: {len(pixels):,} handwritten digits, {size}x{size}, gray"
    return Resident(torch.from_numpy(pixels), labels, names, description, *_attributes(images, labels))


def _read() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return images (1797, 8, 8), shades 0 to 16, and their classes.

    The file is read as it lies in scikit-learn's folder: importing scikit-learn takes longer than all else that happens
    before a run's first step.
    """
    spec = importlib.util.find_spec("sklearn")
    if spec is None or not spec.submodule_search_locations:
        raise GansmithError(
            "--data digits: they come with scikit-learn, which is not installed: pip install scikit-learn"
        )
    path = Path(spec.submodule_search_locations[0], "datasets", "data", "digits.csv.gz")
    table = np.loadtxt(path, delimiter=",")  # a line: 64 shades and the class
    return table[:, :-1].reshape(-1, 8, 8), table[:, -1].astype(np.int64)


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
