"""Networks that see vectors through sines and cosines, and so tell points apart that lie close together.

Tancik et al. 2020, "Fourier features let networks learn high frequency functions in low dimensional domains", arXiv
2006.10739.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from gansmith.networks.output import DiscriminatorOutput


class FourierFeatures(nn.Module):
    """x (N, ...) → (cos 2πBx, sin 2πBx), (N, 2 frequencies), B ~ N(0, bandwidth²) drawn once and never trained."""

    def __init__(self, numbers: int, frequencies: int, bandwidth: float) -> None:
        super().__init__()
        self.register_buffer("frequencies", torch.randn(numbers, frequencies) * (2 * math.pi * bandwidth))
        self.frequencies: Tensor

    def forward(self, x: Tensor) -> Tensor:
        angles = x.flatten(1) @ self.frequencies
        return torch.cat([angles.cos(), angles.sin()], dim=1)


class FourierDiscriminator(nn.Module):
    """x (N, *shape) → the output of an inner discriminator for x and its Fourier features side by side."""

    per_sample = True

    def __init__(self, fourier: FourierFeatures, inner: nn.Module) -> None:
        super().__init__()
        self.fourier = fourier
        self.inner = inner
        self.feature_count: int = inner.feature_count  # type: ignore[assignment]

    def forward(self, x: Tensor) -> DiscriminatorOutput:
        output: DiscriminatorOutput = self.inner(torch.cat([x.flatten(1), self.fourier(x)], dim=1))
        return output
