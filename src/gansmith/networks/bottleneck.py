"""Very deep residual players of bottleneck blocks.

Gulrajani et al. 2017, "Improved training of Wasserstein GANs", arXiv 1704.00028, figure 2: a generator and a
discriminator of 101 layers each. The blocks are those of He et al. 2016, arXiv 1512.03385, in the order of He et al.
2016, arXiv 1603.05027, and count 0.3 beside their shortcut, as in the paper's code.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate

from gansmith.errors import GansmithError
from gansmith.networks.layers import minibatch_layer, norm2d
from gansmith.networks.output import DiscriminatorOutput
from gansmith.networks.sides import halvings

SHARE = 0.3  # of a block's inside beside its shortcut


class Block(nn.Module):
    """x + 0.3 f(x): norm, ReLU, 1×1 to half the channels, norm, ReLU, 3×3, norm, ReLU, 1×1 back.

    Args:
        channels: of x.
        norm: batch, layer or none.
        resize: "up" doubles the side of f's 3×3 maps and of the shortcut, "down" halves them, "" leaves it.
    """

    def __init__(self, channels: int, norm: str, resize: str = "") -> None:
        super().__init__()
        half = max(1, channels // 2)
        self.resize = resize
        self.into = nn.Sequential(norm2d(norm, channels), nn.ReLU(), nn.Conv2d(channels, half, 1))
        self.across = nn.Sequential(norm2d(norm, half), nn.ReLU(), nn.Conv2d(half, half, 3, 1, 1))
        self.back = nn.Sequential(norm2d(norm, half), nn.ReLU(), nn.Conv2d(half, channels, 1))

    def forward(self, x: Tensor) -> Tensor:
        if self.resize == "up":
            inner, x = interpolate(self.into(x), scale_factor=2), interpolate(x, scale_factor=2)
            inner = self.across(inner)
        else:
            inner = self.across(self.into(x))
        if self.resize == "down":
            inner, x = avg_pool2d(inner, 2), avg_pool2d(x, 2)
        y: Tensor = x + SHARE * self.back(inner)
        return y


def _blocks(side: int, channels: int, depth: int, norm: str, resize: str) -> list[Block]:
    """Return the blocks from 4×4 maps to those of a side, as many on each: more on the smaller ones."""
    steps = halvings(side, "bottleneck")
    if depth < steps:
        raise GansmithError(f"a bottleneck of depth {depth} cannot reach {side} pixels: use --depth {steps} or more")
    blocks: list[Block] = []
    for i in range(steps + 1):
        blocks += [Block(channels, norm, resize)] if i else []
        blocks += [Block(channels, norm) for _ in range((depth - i) // (steps + 1))]
    return blocks


def _initialise(module: nn.Module) -> None:
    """Draw weights whose layers keep the size of what they rectify, as He et al. 2015, arXiv 1502.01852."""
    for layer in module.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)


class BottleneckGenerator(nn.Module):
    """z (N, latent) → images (N, C, S, S) in [−1, 1], S one of 8, 16, 32, 64, 128; tanh of a fifth of the last layer.

    Args:
        latent: dimensions of z.
        shape: (C, S, S).
        channels: of every block.
        depth: blocks; with the first and the last layer 3 depth + 2 layers.
        norm: batch or none.
    """

    def __init__(self, latent: int, shape: tuple[int, ...], channels: int, depth: int, norm: str) -> None:
        super().__init__()
        self.start = nn.Linear(latent, channels * 16)
        self.body = nn.Sequential(*_blocks(shape[2], channels, depth, norm, "up"), norm2d(norm, channels), nn.ReLU())
        self.end = nn.Conv2d(channels, shape[0], 1)
        _initialise(self)

    def forward(self, z: Tensor) -> Tensor:
        x: Tensor = self.end(self.body(self.start(z).reshape(len(z), -1, 4, 4)))
        return (x / 5).tanh()


class BottleneckDiscriminator(nn.Module):
    """Images (N, C, S, S) → scores (N,) and the 4×4 maps, flattened, as features; the generator backwards."""

    per_sample = True

    def __init__(self, shape: tuple[int, ...], channels: int, depth: int, norm: str, minibatch: str = "none") -> None:
        super().__init__()
        self.start = nn.Conv2d(shape[0], channels, 1)
        self.body = nn.Sequential(*reversed(_blocks(shape[2], channels, depth, norm, "down")))
        self.feature_count = channels * 16
        self.spread, extra = minibatch_layer(minibatch, self.feature_count)
        self.head = nn.Linear(self.feature_count + extra, 1)
        _initialise(self)

    def forward(self, x: Tensor) -> DiscriminatorOutput:
        features = self.body(self.start(x)).flatten(1)
        return DiscriminatorOutput(self.head(self.spread(features)).squeeze(1), features)
