"""Features without training: a convolutional network whose random weights are always the same."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from gansmith.metrics.features.extractor import Features

WIDTHS = (16, 32, 32)


class RandomFeatures(nn.Module):
    """Three strided convolutions with a rectifier; every stage is averaged over the quarters of the image.

    Naeem et al. 2020, arXiv 2002.09797, section 3.2: networks with random weights rank samples well where a network
    trained on other images is blind.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.stages = nn.ModuleList()
        rng = torch.Generator().manual_seed(0)
        for width in WIDTHS:
            stage = nn.Conv2d(channels, width, 3, 2, 1, bias=False)
            weight = torch.randn(stage.weight.shape, generator=rng)
            stage.weight.data = weight * (2 / weight[0].numel()) ** 0.5  # He et al. 2015: the scale stays the same
            self.stages.append(stage)
            channels = width
        self.requires_grad_(False)

    def forward(self, x: Tensor) -> Tensor:
        features = []
        for stage in self.stages:
            x = stage(x).relu()
            features.append(nn.functional.adaptive_avg_pool2d(x, 2).flatten(1))
        return torch.cat(features, dim=1)


def random_features(shape: tuple[int, ...], device: torch.device | str) -> Features:
    """Return the features for images of shape (C, H, W)."""
    about: dict[str, str | int | float] = {"network": f"3 random convolutions, widths {WIDTHS}, seed 0"}
    return Features("random", RandomFeatures(shape[0]), torch.device(device), about)
