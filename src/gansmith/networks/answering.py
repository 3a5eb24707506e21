"""A generator that is shown something of a sample, and answers with all of it."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn


class Answering(nn.Module):
    """G(z, c): of the condition, the picture at its end is shown to the network, and codes before it join the noise.

    Args:
        network: maps (N, latent + codes) and pictures (N, *view) to samples.
        view: shape of what is shown.
        kept: maps samples and what was shown to samples that agree with it.
    """

    def __init__(self, network: nn.Module, view: tuple[int, ...], kept: Callable[[Tensor, Tensor], Tensor]) -> None:
        super().__init__()
        self.network = network
        self.view = view
        self.kept = kept

    def forward(self, z: Tensor, c: Tensor) -> Tensor:
        seen = math.prod(self.view)
        codes, shown = torch.split(c, [c.shape[1] - seen, seen], dim=1)
        shown = shown.reshape(-1, *self.view)
        return self.kept(self.network(torch.cat([z, codes], dim=1), shown), shown)
