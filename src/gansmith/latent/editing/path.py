"""The way from before an edit to after it, as pictures."""

from __future__ import annotations

import torch
from torch import Tensor

from gansmith.latent.space import Space


def between(space: Space, points: Tensor, count: int = 8) -> Tensor:
    """Return samples (count, C, H, W) along the straight line between two points (2, d), both ends among them."""
    share = torch.linspace(0, 1, count)[:, None]
    return space.images(torch.lerp(points[:1], points[1:], share))
