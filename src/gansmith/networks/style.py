"""A generator of small pictures that is driven by styles: a mapping network turns noise into w, and w into every layer.

Karras, Laine, Aila 2019, "A style-based generator architecture for generative adversarial networks", arXiv 1812.04948,
on the layers of DCGAN, arXiv 1511.06434.
"""

from __future__ import annotations

import itertools
import math

import torch
from torch import Tensor, nn
from torch.nn.functional import instance_norm, leaky_relu

from gansmith.networks.fast_layers import FromVector
from gansmith.networks.layers import draw_weights
from gansmith.networks.sides import halvings

MOMENTUM = 0.005  # of the mean of w
SLOPE = 0.2  # of leaky ReLU


class Mapping(nn.Module):
    """w = f(√d z/|z|), (N, d) → (N, style); f has `layers` layers, leaky ReLU behind each.

    Attributes:
        truncation: ψ; below 1, w is drawn towards the mean w̄ of training: w̄ + ψ (w − w̄).
        running_mean: (style,) w̄.
    """

    def __init__(self, inputs: int, style: int, layers: int) -> None:
        super().__init__()
        layer = [nn.Linear(style if i else inputs, style) for i in range(layers)]
        for one in layer:
            nn.init.kaiming_normal_(one.weight, SLOPE)
            nn.init.zeros_(one.bias)
        self.layers = nn.ModuleList(layer)
        self.truncation = 1.0
        self.register_buffer("running_mean", torch.zeros(style))
        self.running_mean: Tensor

    def forward(self, z: Tensor) -> Tensor:
        w = z * (z.square().mean(dim=1, keepdim=True) + 1e-8).rsqrt()
        for layer in self.layers:
            w = leaky_relu(layer(w), SLOPE)
        if self.training:
            self.running_mean.lerp_(w.detach().mean(dim=0).to(self.running_mean.dtype), MOMENTUM)
        elif self.truncation < 1:
            w = torch.lerp(self.running_mean, w, self.truncation)
        return w


class Styled(nn.Module):
    """x ↦ σ((1 + g(w)) x̂ + s(w)): instance norm with gain and shift from w, then leaky ReLU.

    With noise, x + a n comes in instead: one a for each channel, n ~ N(0, 1) for each pixel, drawn anew while the
    network trains and the same for all samples of a trained one.
    """

    def __init__(self, channels: int, side: int, style: int, noise: bool) -> None:
        super().__init__()
        self.affine = nn.Linear(style, 2 * channels)
        nn.init.normal_(self.affine.weight, std=1 / math.sqrt(style))
        nn.init.zeros_(self.affine.bias)
        self.strength = nn.Parameter(torch.zeros(channels, 1, 1)) if noise else None
        if noise:
            self.register_buffer("noise", torch.randn(1, 1, side, side))
            self.noise: Tensor

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        if self.strength is not None:
            noise = torch.randn_like(x[:, :1]) if self.training else self.noise
            x = x + self.strength * noise
        gain, shift = self.affine(w)[:, :, None, None].chunk(2, dim=1)
        return leaky_relu(torch.addcmul(shift, instance_norm(x), 1 + gain), SLOPE)


class StyleGenerator(nn.Module):
    """z (N, latent) → images (N, C, S, S) in [−1, 1], S one of 8, 16, 32, 64, 128: synthesis(mapping(z)).

    Args:
        latent: dimensions of z.
        shape: (C, S, S).
        width: channels of the maps at half the image's side, twice as many at each halving; width/2 at its full side.
        style: dimensions of w.
        layers: of the mapping network.
        noise: add noise to the maps of every layer.
        mixing: probability that a sample in training has the w of another from some layer on.
    """

    def __init__(
        self,
        latent: int,
        shape: tuple[int, ...],
        width: int = 32,
        style: int = 128,
        layers: int = 3,
        noise: bool = False,
        mixing: float = 0.0,
    ) -> None:
        super().__init__()
        doublings = halvings(shape[2], "style")
        channels = [*(width * 2**i for i in reversed(range(doublings))), max(1, width // 2)]
        self.mapping = Mapping(latent, style, layers)
        self.first = FromVector(style, channels[0], 4, 1, 0)
        self.styles = nn.ModuleList(Styled(count, 4 * 2**i, style, noise) for i, count in enumerate(channels))
        doubled: list[nn.Module] = [nn.ConvTranspose2d(a, b, 4, 2, 1) for a, b in itertools.pairwise(channels)]
        self.layers = nn.ModuleList([*doubled, nn.Conv2d(channels[-1], shape[0], 3, 1, 1)])
        draw_weights(self.layers)
        self.mixing = mixing

    def forward(self, z: Tensor) -> Tensor:
        w = self.mapping(z).unsqueeze(1).expand(-1, len(self.styles), -1)
        return self.synthesis(self._mixed(w) if self.training and self.mixing else w)

    def synthesis(self, w: Tensor) -> Tensor:
        """Return images of styles w, (N, style), or (N, layers, style) for one of each layer."""
        if w.dim() == 2:
            w = w.unsqueeze(1).expand(-1, len(self.styles), -1)
        x = self.first(w[:, 0, :, None, None])
        for i, (style, layer) in enumerate(zip(self.styles, self.layers, strict=True)):
            x = layer(style(x, w[:, i]))
        return torch.tanh(x)

    def _mixed(self, w: Tensor) -> Tensor:
        """Return styles (N, layers, style) of which some go on as their neighbour's from some layer on."""
        n, layers = w.shape[:2]
        start = torch.randint(1, layers, (n, 1), device=w.device)
        mixed = torch.rand(n, 1, device=w.device) < self.mixing
        other = mixed & (torch.arange(layers, device=w.device) >= start)
        return torch.where(other[:, :, None], w.roll(1, dims=0), w)
