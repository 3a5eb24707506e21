"""A network that reads attributes from pictures, learnt on labelled ones, which then labels a generator's samples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, pad

from gansmith.data.images import to_bytes, to_range
from gansmith.errors import GansmithError
from gansmith.generators.rest import at_rest
from gansmith.latent.fitting import explained, fit, held_out
from gansmith.streams import forked

SHOWN, BATCH, RATE = 200_000, 128, 3e-3  # images in all, in a minibatch, and the largest learning rate
HELD_OUT = 2000  # images at most
LEAST = 20  # images to learn from


class Scores(NamedTuple):
    """How well attributes are told of images that were not learnt from; of each attribute, (A,)."""

    r2: Tensor
    """R² of the probability against the attribute in [0, 1]; NaN where the attribute never changes."""
    accuracy: Tensor
    """Share of images on the right side of one half."""
    images: int
    """How many."""


class Reader(nn.Module):
    """Images (N, C, H, W) in [−1, 1] → logits (N, A) of attributes."""

    shape: tuple[int, ...]
    """(C, H, W)."""
    names: tuple[str, ...]
    """Of the A attributes."""
    scores: Scores

    @torch.no_grad()
    def logits(self, images: Tensor, piece: int = 500) -> Tensor:
        """Return logits (N, A) float32 on the CPU, in evaluation mode, of images as bytes or in [−1, 1]."""
        if images.shape[1:] != self.shape:
            raise GansmithError(f"images of shape {tuple(images.shape)} are not {self.shape} each, as it learnt them")
        like = next(self.parameters())
        with at_rest(self):
            return torch.cat([self(_floats(part).to(like)).float().cpu() for part in torch.split(images, piece)])

    def score(self, images: Tensor, attributes: Tensor) -> None:
        """Score it on the images among these that no predictor learns from, see `held_rows`."""
        held, _ = held_rows(len(images))
        p, true = self.logits(images[held]).sigmoid(), attributes[held].float()
        right = ((p > 0.5) == (true > 0.5)).double().mean(dim=0)
        self.scores = Scores(explained(p, true), right, len(held))


class Predictor(Reader):
    """Convolutions that halve the image down to 4 pixels, and one hidden layer.

    Args:
        shape: (C, H, W).
        names: of the A attributes.
        width: channels of the first convolution, doubled at each halving of the side up to 8 times as many.
        hidden: units.
        pooled: convolutions but the first see every pixel, and means of four are taken after them, instead of strides.
    """

    pooled: Tensor

    def __init__(
        self, shape: tuple[int, ...], names: Sequence[str], width: int = 24, hidden: int = 256, pooled: bool = False
    ) -> None:
        super().__init__()
        self.shape = tuple(shape)
        self.names = tuple(names)
        self.register_buffer("pooled", torch.tensor(pooled))
        layers, features = convolutions(self.shape, width, pooled)
        layers += [nn.Flatten(), nn.Linear(features, hidden), nn.SiLU(), nn.Linear(hidden, len(names))]
        self.body = nn.Sequential(*layers).to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.body(x)
        return logits


def convolutions(shape: tuple[int, ...], width: int, pooled: bool = False) -> tuple[list[nn.Module], int]:
    """Return convolutions that halve images (C, H, W) down to 4 pixels, and how many numbers they end with."""
    before, height, side = shape
    layers: list[nn.Module] = []
    after = width
    while max(height, side) > 4:
        pools = pooled and len(layers) > 0
        layers += [nn.Conv2d(before, after, 3, 1 if pools else 2, 1, bias=False), nn.BatchNorm2d(after), nn.SiLU()]
        layers += [nn.AvgPool2d(2, ceil_mode=True)] if pools else []
        before, after = after, min(2 * after, 8 * width)
        height, side = (height + 1) // 2, (side + 1) // 2
    return layers, before * height * side


def held_rows(count: int) -> tuple[Tensor, Tensor]:
    """Return which of some images are held out, a tenth and 2,000 at most, and which are learnt from.

    They are the same ones for every predictor, so that several together can be scored on what none has seen.
    """
    order = torch.randperm(count, generator=torch.Generator().manual_seed(0))
    held, rows = order.tensor_split([held_out(count, HELD_OUT)])
    return held, rows


def learn_predictor(
    images: Tensor,
    attributes: Tensor,
    names: Sequence[str],
    seed: int = 0,
    shown: int = SHOWN,
    width: int = 24,
    pooled: bool = False,
) -> Predictor:
    """Return a predictor of attributes, learnt by binary cross-entropy, and by the same seed the same bits.

    Images are shown shifted by up to a sixteenth of their side, edges repeated. Those of `held_rows` are held out;
    `scores` of the predictor are of those.

    Args:
        images: (N, C, H, W), bytes or floats in [−1, 1].
        attributes: (N, A) in [0, 1].
        names: of the A attributes.
        seed: of its first weights, the order and shifts of images.
        shown: images in all, each as often as it takes.
        width: see `Predictor`.
        pooled: see `Predictor`.

    Raises:
        GansmithError: if shapes do not match, there are too few images, or attributes outside [0, 1].
    """
    _check(images, attributes, names)
    pixels = images if images.dtype == torch.uint8 else to_bytes(images)
    y = attributes.float()
    _, rows = held_rows(len(pixels))
    with forked(seed):
        network = Predictor(tuple(images.shape[1:]), names, width, pooled=pooled)

        def loss(index: Tensor) -> Tensor:
            batch = rows[index]
            return binary_cross_entropy_with_logits(network(shifted(to_range(pixels[batch]))), y[batch])

        fit(network, len(rows), loss, shown, BATCH, RATE)
    network.score(pixels, y)
    return network


def shifted(images: Tensor) -> Tensor:
    """Return images (N, C, H, W), each shifted by up to a sixteenth of its side in any direction, edges repeated."""
    n, _, height, width = images.shape
    most = max(1, max(height, width) // 16)
    wide = pad(images, (most,) * 4, mode="replicate")
    down, right = torch.randint(0, 2 * most + 1, (2, n, 1))
    rows = (down + torch.arange(height))[:, None, :, None]
    columns = (right + torch.arange(width))[:, None, None, :]
    return wide[torch.arange(n)[:, None, None, None], torch.arange(images.shape[1])[:, None, None], rows, columns]


def _floats(images: Tensor) -> Tensor:
    return to_range(images) if images.dtype == torch.uint8 else images


def _check(images: Tensor, attributes: Tensor, names: Sequence[str]) -> None:
    if images.dim() != 4 or attributes.shape != (len(images), len(names)) or not names:
        shapes = f"images {tuple(images.shape)} and attributes {tuple(attributes.shape)}"
        raise GansmithError(f"predictor: {shapes} are not (N, C, H, W) and (N, {len(names)})")
    if len(images) < LEAST:
        raise GansmithError(f"predictor: {len(images)} images are too few to learn from, {LEAST} are the least")
    if not ((attributes >= 0) & (attributes <= 1)).all():
        raise GansmithError("predictor: attributes must be in [0, 1]")
