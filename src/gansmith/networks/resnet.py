"""Residual players in the style of SNGAN.

Miyato et al. 2018, "Spectral normalization for generative adversarial networks", arXiv 1802.05957, appendix B; the
blocks are those of Gulrajani et al. 2017, arXiv 1704.00028.
"""

from __future__ import annotations

import itertools

from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate

from gansmith.networks.layers import minibatch_layer, norm2d
from gansmith.networks.output import DiscriminatorOutput
from gansmith.networks.sides import halvings


class _Up(nn.Module):
    """Double the side: norm, ReLU, upsample, 3×3, norm, ReLU, 3×3, plus a 1×1 shortcut."""

    def __init__(self, before: int, after: int, norm: str) -> None:
        super().__init__()
        self.first = nn.Sequential(norm2d(norm, before), nn.ReLU())
        self.conv1 = nn.Conv2d(before, after, 3, 1, 1)
        self.second = nn.Sequential(norm2d(norm, after), nn.ReLU(), nn.Conv2d(after, after, 3, 1, 1))
        self.shortcut = nn.Conv2d(before, after, 1)

    def forward(self, x: Tensor) -> Tensor:
        inner: Tensor = self.second(self.conv1(interpolate(self.first(x), scale_factor=2)))
        return inner + interpolate(self.shortcut(x), scale_factor=2)


class _Down(nn.Module):
    """Halve the side: ReLU, 3×3, ReLU, 3×3, average pooling, plus a 1×1 shortcut; the first block skips its ReLU."""

    def __init__(self, before: int, after: int, norm: str, first: bool) -> None:
        super().__init__()
        start: list[nn.Module] = [] if first else [norm2d(norm, before), nn.ReLU()]
        self.body = nn.Sequential(
            *start,
            nn.Conv2d(before, after, 3, 1, 1),
            nn.Identity() if first else norm2d(norm, after),
            nn.ReLU(),
            nn.Conv2d(after, after, 3, 1, 1),
        )
        self.shortcut = nn.Conv2d(before, after, 1)

    def forward(self, x: Tensor) -> Tensor:
        return avg_pool2d(self.body(x) + self.shortcut(x), 2)


def _initialise(module: nn.Module) -> None:
    """Xavier-uniform weights, gain √2 inside residual branches, as in the paper's code."""
    for name, layer in module.named_modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            inside = layer.weight.dim() == 4 and "shortcut" not in name
            nn.init.xavier_uniform_(layer.weight, gain=2**0.5 if inside else 1.0)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)


class ResNetGenerator(nn.Module):
    """z (N, latent) → images (N, C, S, S) in [−1, 1], S one of 8, 16, 32, 64, 128."""

    def __init__(self, latent: int, shape: tuple[int, ...], width: int = 32, norm: str = "batch") -> None:
        super().__init__()
        n = halvings(shape[2], "resnet")
        channels = [width * 2**i for i in reversed(range(n))]
        self.start = nn.Linear(latent, channels[0] * 16)
        ups = [_Up(b, a, norm) for b, a in zip([channels[0], *channels], channels, strict=False)]
        self.body = nn.Sequential(*ups, norm2d(norm, channels[-1]), nn.ReLU())
        self.end = nn.Conv2d(channels[-1], shape[0], 3, 1, 1)
        _initialise(self)

    def forward(self, z: Tensor) -> Tensor:
        x: Tensor = self.end(self.body(self.start(z).reshape(-1, self.start.out_features // 16, 4, 4)))
        return x.tanh()


class ResNetDiscriminator(nn.Module):
    """Images (N, C, S, S) → scores (N,) and the sum-pooled last maps as features."""

    per_sample = True

    def __init__(self, shape: tuple[int, ...], width: int = 32, norm: str = "none", minibatch: str = "none") -> None:
        super().__init__()
        n = halvings(shape[2], "resnet")
        channels = [shape[0], *(width * 2**i for i in range(n))]
        downs = [_Down(b, a, norm, i == 0) for i, (b, a) in enumerate(itertools.pairwise(channels))]
        self.body = nn.Sequential(*downs, nn.ReLU())
        self.feature_count = channels[-1]
        self.spread, extra = minibatch_layer(minibatch, self.feature_count)
        self.head = nn.Linear(channels[-1] + extra, 1)
        _initialise(self)

    def forward(self, x: Tensor) -> DiscriminatorOutput:
        features = self.body(x).sum(dim=(2, 3))
        return DiscriminatorOutput(self.head(self.spread(features)).squeeze(1), features)
