"""Fully connected players, for vectors and for images of any size."""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import Tensor, nn

from gansmith.networks.layers import activation, minibatch_layer, norm1d, pieces
from gansmith.networks.output import DiscriminatorOutput

More = Sequence[nn.Module]
"""Layers without weights."""


def _stack(inputs: int, hidden: int, layers: int, act: str, norm: str = "none", more: More = ()) -> list[nn.Module]:
    """Return `layers` hidden layers, flattening first: linear, norm, activation, and `more` behind each."""
    stack: list[nn.Module] = [nn.Flatten()]
    for i in range(layers):
        units = hidden * pieces(act)
        stack.append(nn.Linear(inputs if i == 0 else hidden, units))
        stack += [norm1d(norm, units)] if norm != "none" else []
        stack += [activation(act), *more]
    return stack


class MLPGenerator(nn.Module):
    """gain · z (N, latent) → samples (N, *shape); images end in tanh, vectors are unbounded.

    >>> import torch
    >>> MLPGenerator(2, (1, 28, 28), hidden=8, layers=1)(torch.zeros(3, 2)).shape
    torch.Size([3, 1, 28, 28])
    """

    def __init__(
        self,
        latent: int,
        shape: tuple[int, ...],
        hidden: int = 128,
        layers: int = 3,
        act: str = "relu",
        norm: str = "none",
        more: More = (),
        gain: float = 1.0,
    ) -> None:
        super().__init__()
        self.gain = gain
        body = [
            *_stack(latent, hidden, layers, act, norm, more),
            nn.Linear(hidden if layers else latent, math.prod(shape)),
        ]
        self.body = nn.Sequential(*body, nn.Tanh()) if len(shape) == 3 else nn.Sequential(*body)
        self.shape = shape

    def forward(self, z: Tensor) -> Tensor:
        x: Tensor = self.body(z if self.gain == 1 else self.gain * z)
        return x.reshape(-1, *self.shape)


class MLPDiscriminator(nn.Module):
    """x (N, *shape) → scores (N,) and the last hidden layer as features."""

    per_sample = True

    def __init__(
        self,
        shape: tuple[int, ...],
        hidden: int = 128,
        layers: int = 3,
        act: str = "leaky_relu",
        minibatch: str = "none",
        more: More = (),
    ) -> None:
        super().__init__()
        self.features = nn.Sequential(*_stack(math.prod(shape), hidden, layers, act, more=more))
        self.feature_count = hidden if layers else math.prod(shape)
        self.spread, extra = minibatch_layer(minibatch, self.feature_count)
        self.head = nn.Linear(self.feature_count + extra, 1)

    def forward(self, x: Tensor) -> DiscriminatorOutput:
        features = self.features(x)
        return DiscriminatorOutput(self.head(self.spread(features)).squeeze(1), features)
