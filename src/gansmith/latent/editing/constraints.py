"""What a user paints over a picture: coloured strokes, sketched edges and a region to keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import max_pool2d

from gansmith.data.images import to_range
from gansmith.data.pictures import to_pixels
from gansmith.data.rendering import Rendering
from gansmith.data.shades import Shades
from gansmith.data.single import PIXELS, decoded
from gansmith.data.source import KEPT
from gansmith.errors import GansmithError

LIGHT = (0.299, 0.587, 0.114)  # of red, green and blue in brightness, ITU-R BT.601


class Layer(NamedTuple):
    """Something painted over a picture."""

    colours: Tensor
    """(C, H, W) in [−1, 1]."""
    opaque: Tensor
    """(H, W) in [0, 1]; 0 where nothing is painted."""

    def over(self, picture: Tensor) -> Tensor:
        """Return a picture (C, H, W) with the layer on it."""
        return torch.lerp(picture, self.colours.to(picture), self.opaque.to(picture))


@dataclass(frozen=True)
class Constraints:
    """What an edited picture shall be.

    Attributes:
        strokes: it shall have these colours here.
        edges: brightness shall rise and fall here as it does where these lines lie on the picture.
        keep: (H, W) in [0, 1], where it shall stay as it is.
    """

    strokes: Layer | None = None
    edges: Layer | None = None
    keep: Tensor | None = None

    def __bool__(self) -> bool:
        return self.strokes is not None or self.edges is not None

    def touched(self, like: Tensor) -> Tensor:
        """Return where something is painted, (H, W) in [0, 1]; `like` (C, H, W) tells the size."""
        parts = [layer.opaque.to(like) for layer in (self.strokes, self.edges) if layer is not None]
        return torch.stack(parts).amax(dim=0) if parts else like.new_zeros(like.shape[1:])

    def shown_on(self, picture: Tensor) -> Tensor:
        """Return a picture (C, H, W) with all that is painted on it."""
        for layer in (self.strokes, self.edges):
            picture = picture if layer is None else layer.over(picture)
        return picture


def read_layer(
    source: Path | bytes, shape: Sequence[int], sizes: Sequence[tuple[int, int]] = (), name: str = ""
) -> Layer:
    """Return the layer that a transparent picture is, at the size of a generator's samples.

    Args:
        source: a file, or what one holds.
        shape: (C, S, S) of a sample.
        sizes: (width, height) of the picture that was painted over, if not of a sample.
        name: of it, for what is told.

    Raises:
        GansmithError: if it is no picture, nothing in it is transparent, nothing is painted, or it has another size
            than the samples, a whole multiple of theirs, or `sizes`.
    """
    name = name or (str(source) if isinstance(source, Path) else "the layer")
    side = shape[1]
    image, _ = decoded(source, name, Shades(background=KEPT), PIXELS)
    width, height = image.size
    if (width, height) not in sizes and (width != height or width % side):
        others = "".join(f", or {w}x{h}" for w, h in sizes)
        raise GansmithError(
            f"{name} is {width}x{height}: paint over the picture itself, {side}x{side} or a multiple of it{others}"
        )
    if image.mode != "RGBA":
        raise GansmithError(f"{name} has nothing transparent: paint on a transparent layer, and save that as PNG")
    pixels = torch.from_numpy(to_pixels(image, Rendering(side, "RGBA", shades=Shades(background=KEPT))))
    colours, opaque = to_range(pixels[:3]), pixels[3].float() / 255
    if not opaque.any():
        raise GansmithError(f"{name}: nothing is painted")
    return Layer(brightness(colours)[None] if shape[0] == 1 else colours, opaque)


def brightness(x: Tensor) -> Tensor:
    """Return the brightness (…, H, W) of pictures (…, C, H, W)."""
    if x.shape[-3] < 3:
        return x[..., 0, :, :]
    return torch.einsum("...chw,c->...hw", x[..., :3, :, :], x.new_tensor(LIGHT))


def slopes(x: Tensor) -> Tensor:
    """Return how brightness changes to the right and downwards, (…, 2, H, W), of pictures (…, C, H, W).

    >>> slopes(torch.tensor([[[0.0, 1.0], [0.0, 1.0]]]))[0]
    tensor([[1., 0.],
            [1., 0.]])
    """
    b = brightness(x)
    right = torch.nn.functional.pad(b[..., :, 1:] - b[..., :, :-1], (0, 1))
    down = torch.nn.functional.pad(b[..., 1:, :] - b[..., :-1, :], (0, 0, 0, 1))
    return torch.stack([right, down], dim=-3)


def widened(mask: Tensor, by: int) -> Tensor:
    """Return a mask (H, W) that reaches some pixels farther."""
    return max_pool2d(mask[None, None], 2 * by + 1, 1, by)[0, 0]
