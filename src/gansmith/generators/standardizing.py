"""Discriminators that played with standardised samples, for samples in the data's own units."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from gansmith.data.scale import Scale


class Standardizing(nn.Module):
    """A discriminator of samples in the data's own units, played by one of standardised samples."""

    def __init__(self, inner: nn.Module, scale: Scale) -> None:
        super().__init__()
        self.inner = inner
        self.scale = scale

    def forward(self, x: Tensor, *more: Tensor) -> Any:
        return self.inner(self.scale.standardized(x), *more)
