"""Layers and choices that several networks share."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from gansmith.networks.minibatch import MinibatchDiscrimination, MinibatchDistances

ACTIVATIONS: dict[str, type[nn.Module]] = {"relu": nn.ReLU, "tanh": nn.Tanh, "softplus": nn.Softplus}


def activation(name: str) -> nn.Module:
    """Return an activation by name; leaky_relu has the GAN papers' slope of 0.2."""
    return nn.LeakyReLU(0.2) if name == "leaky_relu" else ACTIVATIONS[name]()


def norm2d(kind: str, channels: int) -> nn.Module:
    """Return the normalisation of a convolutional layer: batch, layer (over C, H, W) or none."""
    if kind == "batch":
        return nn.BatchNorm2d(channels)
    return nn.GroupNorm(1, channels) if kind == "layer" else nn.Identity()


def norm1d(kind: str, features: int) -> nn.Module:
    """Return the normalisation of a fully connected layer: batch, layer or none."""
    if kind == "batch":
        return nn.BatchNorm1d(features)
    return nn.LayerNorm(features) if kind == "layer" else nn.Identity()


def draw_weights(module: nn.Module) -> None:
    """Draw weights from N(0, 0.02²) and batch-norm gains from N(1, 0.02²), as Radford et al. 2016, arXiv 1511.06434."""
    for layer in module.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
            nn.init.normal_(layer.weight, 0.0, 0.02)
        elif isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
            nn.init.normal_(layer.weight, 1.0, 0.02)


def minibatch_layer(kind: str, features: int) -> tuple[nn.Module, int]:
    """Return what shows a discriminator its minibatch as a whole, and how many channels it appends.

    Args:
        kind: none, stddev, kernels or distances.
        features: numbers of one sample that go in.
    """
    if kind == "stddev":
        return MinibatchStddev(), 1
    if kind == "kernels":
        kernels = MinibatchDiscrimination(features)
        return kernels, kernels.extra
    if kind == "distances":
        distances = MinibatchDistances()
        return distances, distances.extra
    return nn.Identity(), 0


class MinibatchStddev(nn.Module):
    """Append one channel (or feature) with the mean standard deviation over the batch.

    A discriminator that sees it can tell a collapsed batch from a diverse one.

    Karras et al. 2018, "Progressive growing of GANs", arXiv 1710.10196.

    >>> MinibatchStddev()(torch.zeros(4, 3)).shape
    torch.Size([4, 4])
    """

    def forward(self, x: Tensor) -> Tensor:
        spread = (x.var(dim=0, unbiased=False) + 1e-8).sqrt().mean()
        return torch.cat([x, spread.expand(x.shape[0], 1, *x.shape[2:])], dim=1)


def with_spectral_norm(module: nn.Module) -> nn.Module:
    """Divide the weight of every linear and convolutional layer by its largest singular value, in place.

    Miyato et al. 2018, "Spectral normalization for GANs", arXiv 1802.05957.
    """
    for layer in list(module.modules()):
        if isinstance(layer, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            nn.utils.parametrizations.spectral_norm(layer)
    return module
