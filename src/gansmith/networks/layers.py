"""Layers and choices that several networks share."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from gansmith.networks.fast_layers import LeakyReLU
from gansmith.networks.minibatch import MinibatchDiscrimination, MinibatchDistances

PIECES = 5  # of which maxout takes the largest, as in Goodfellow et al. 2014, arXiv 1406.2661


class Maxout(nn.Module):
    """(N, units · pieces, …) → (N, units, …), the largest of every unit's. Goodfellow et al. 2013, arXiv 1302.4389.

    >>> Maxout()(torch.arange(10.0)[None])
    tensor([[4., 9.]])
    """

    def forward(self, x: Tensor) -> Tensor:
        return x.reshape(x.shape[0], -1, PIECES, *x.shape[2:]).amax(dim=2)


class Gated(nn.Module):
    """(N, 2 · units, …) → (N, units, …), σ(a) tanh(b) of the first half a and the second b: a product, no threshold.

    van den Oord et al. 2016, arXiv 1606.05328; in a GAN Gulrajani et al. 2017, arXiv 1704.00028, section 5.1.

    >>> Gated()(torch.tensor([[0.0, 100.0]]))
    tensor([[0.5000]])
    """

    def forward(self, x: Tensor) -> Tensor:
        a, b = x.chunk(2, dim=1)
        return a.sigmoid() * b.tanh()


ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "leaky_relu": lambda: nn.LeakyReLU(0.2),  # the GAN papers' slope
    "tanh": nn.Tanh,
    "softplus": nn.Softplus,
    "elu": nn.ELU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "maxout": Maxout,
    "gated": Gated,
}


def activation(name: str) -> nn.Module:
    """Return an activation by name."""
    return ACTIVATIONS[name]()


def pieces(name: str) -> int:
    """Return how many numbers an activation makes one unit's of.

    >>> pieces("relu"), pieces("gated"), pieces("maxout")
    (1, 2, 5)
    """
    return {"maxout": PIECES, "gated": 2}.get(name, 1)


def map_activation(name: str) -> nn.Module:
    """Return an activation of convolutional maps by name: the rectifiers need no memory of their own."""
    if name == "relu":
        return nn.ReLU(inplace=True)
    return LeakyReLU(0.2, inplace=True) if name == "leaky_relu" else activation(name)


class Noise(nn.Module):
    """x + N(0, deviation²) while training, or always. Zhao et al. 2017, arXiv 1609.03126, adds it to every layer."""

    def __init__(self, deviation: float, always: bool = False) -> None:
        super().__init__()
        self.deviation, self.always = deviation, always

    def forward(self, x: Tensor) -> Tensor:
        return x + self.deviation * torch.randn_like(x) if self.training or self.always else x


class Dropout(nn.Module):
    """Zero numbers with a probability and scale up the others, while training or always.

    Srivastava et al. 2014, "Dropout"; always, it is all the noise there is in Isola et al. 2017, arXiv 1611.07004.
    """

    def __init__(self, probability: float, always: bool = False) -> None:
        super().__init__()
        self.probability, self.always = probability, always

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.dropout(x, self.probability, self.training or self.always)


def disturbances(noise: float, dropout: float, always: bool = False) -> list[nn.Module]:
    """Return the layers that add noise and drop numbers; none for what is 0."""
    return [*([Noise(noise, always)] if noise else []), *([Dropout(dropout, always)] if dropout else [])]


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


def channels_last(network: nn.Module) -> nn.Module:
    """Return a network whose planar convolutions keep channels last in memory, which they prefer.

    It decides the rounding: a network that is loaded makes the same bits as the one that was trained.
    """
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            layer.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network


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
