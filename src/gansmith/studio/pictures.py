"""Generators of pictures that pages may show, and the real pictures that belong to them."""

from __future__ import annotations

import base64
import functools
import io
from collections.abc import Callable

import torch
from torch import Tensor

from gansmith.data import Source, open_dataset
from gansmith.data.dataset import first
from gansmith.data.portraits import HELD_OUT, draw
from gansmith.errors import GansmithError
from gansmith.generators.file import shipped
from gansmith.generators.trained import TrainedGenerator
from gansmith.latent.file import beside
from gansmith.runs.loading import load
from gansmith.studio import place

SHIPPED = ("faces",)
Real = Callable[[int, int], Tensor]
"""Maps (first, count) to real pictures (count, C, H, W) in [−1, 1] that were not trained on, where that can be."""


def known() -> list[str]:
    """Return the generators that pages may open: those that come with gansmith, then the runs of the folder."""
    ours = [name for name in SHIPPED if shipped(name) is not None]
    return [*ours, *(name for name in place.names() if name not in ours)]


def generator(name: str) -> TrainedGenerator:
    """Return one of the known generators.

    Raises:
        GansmithError: if it is not known, cannot be read, or makes no pictures.
    """
    gan = _shipped(name) if name in SHIPPED and shipped(name) is not None else place.generator(name)
    if len(gan.shape) != 3:
        raise GansmithError(f"{name} makes points, not pictures: choose another run")
    return gan


def steerable() -> list[str]:
    """Return the generators whose axes have been learnt, without opening any."""
    files = {name: (name in SHIPPED and shipped(name)) or place.weights(name) for name in known()}
    return [name for name, path in files.items() if beside(path).path.is_file()]


def real_of(gan: TrainedGenerator) -> Real:
    """Return where real pictures for a generator come from.

    Raises:
        GansmithError: if its data do not come with gansmith: no other file is opened.
    """
    source = gan.made_by.get("recipe", {}).get("source", {})
    name = str(source.get("data", "")) if isinstance(source, dict) else ""
    channels, side = gan.shape[0], gan.shape[-1]
    if name == "portraits" and channels == 3:
        return lambda first, count: draw(0, range(HELD_OUT + first, HELD_OUT + first + count), side)[0] / 127.5 - 1
    if name == "digits" and channels == 1:
        return functools.partial(_digits, side)
    raise GansmithError(f"{gan.name} was trained on {name or 'unknown data'}: only portraits and digits are at hand")


def png(picture: Tensor) -> str:
    """Return a picture (C, H, W) in [−1, 1] as the source of an image in a page."""
    from PIL import Image

    pixels = ((picture.clamp(-1, 1) + 1) * 127.5).round().byte().permute(1, 2, 0).numpy()
    image = Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode()


@functools.cache
def _shipped(name: str) -> TrainedGenerator:
    return load(name)


def _digits(side: int, start: int, count: int) -> Tensor:
    images = _all_digits(side)
    rows = torch.randperm(len(images), generator=torch.Generator().manual_seed(0))
    return images[rows.roll(-(start % len(images)))[:count]]


@functools.cache
def _all_digits(side: int) -> Tensor:
    return torch.cat([batch.x for batch in first(open_dataset(Source("digits", image_size=side)), None)])
