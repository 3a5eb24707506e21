"""Our networks in jax.numpy: images channels last, every weight laid out as XLA likes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp
from torch import Tensor, nn

Array = Any
DIMENSIONS = ("NHWC", "HWIO", "NHWC")


@dataclass(frozen=True)
class Place:
    """Where the axes of a weight go: permuted, some reversed, then joined."""

    axes: tuple[int, ...] | None = None
    reversed: tuple[int, ...] = ()
    joined: tuple[int, ...] | None = None

    def there(self, weight: Tensor) -> Array:
        """Return a PyTorch weight as the function below wants it."""
        value = np.flip(weight.detach().cpu().numpy().transpose(self.axes), self.reversed)
        return jnp.asarray(value.reshape(self.joined) if self.joined else value)

    def back(self, value: Array, like: Tensor) -> Tensor:
        """Return it as PyTorch has it."""
        axes = self.axes or tuple(range(like.dim()))
        array = np.asarray(value).reshape([like.shape[axis] for axis in axes])
        return like.new_tensor(np.flip(array, self.reversed).transpose(np.argsort(axes)).copy())


@dataclass(frozen=True)
class Layer:
    """A function of weights and input, and where the weights of the PyTorch layer go."""

    apply: Callable[[Sequence[Array], Array], Array]
    places: Sequence[Place] = ()


class Chain:
    """A translated stack of layers."""

    def __init__(self, modules: Sequence[nn.Module]) -> None:
        self.modules = [module for module in modules if not isinstance(module, nn.Identity)]
        self.layers = [translate(module) for module in self.modules]

    def weights(self) -> list[list[Array]]:
        """Return the weights of every layer."""
        return [
            [place.there(p) for place, p in zip(layer.places, module.parameters(), strict=True)]
            for layer, module in zip(self.layers, self.modules, strict=True)
        ]

    def back(self, weights: Sequence[Sequence[Array]]) -> list[Tensor]:
        """Return weights as PyTorch's parameters, in their order."""
        return [
            place.back(value, like.detach())
            for layer, module, values in zip(self.layers, self.modules, weights, strict=True)
            for place, value, like in zip(layer.places, values, module.parameters(), strict=True)
        ]

    def __call__(self, weights: Sequence[Sequence[Array]], x: Array) -> Array:
        for layer, values in zip(self.layers, weights, strict=True):
            x = layer.apply(values, x)
        return x


def translate(module: nn.Module) -> Layer:
    """Return the layer that does what a PyTorch module does."""
    match module:
        case nn.Flatten():
            return Layer(lambda w, x: x.reshape(len(x), -1))
        case nn.ReLU():
            return Layer(lambda w, x: jax.nn.relu(x))
        case nn.LeakyReLU(negative_slope=slope):
            return Layer(lambda w, x: jnp.where(x > 0, x, slope * x))
        case nn.Tanh():
            return Layer(lambda w, x: jnp.tanh(x))
        case nn.Linear():
            return Layer(_affine, [Place((1, 0)), Place()])
        case nn.BatchNorm2d(eps=eps):
            return Layer(lambda w, x: _normalised(w, x, eps), [Place(), Place()])
        case nn.Conv2d():
            return _convolution(module)
        case nn.ConvTranspose2d():
            return _transposed(module)
    raise NotImplementedError(type(module).__name__)


def _affine(w: Sequence[Array], x: Array) -> Array:
    return x @ w[0] + w[1]


def _normalised(w: Sequence[Array], x: Array, eps: float) -> Array:
    mean, variance = x.mean((0, 1, 2)), x.var((0, 1, 2))
    return (x - mean) * lax.rsqrt(variance + eps) * w[0] + w[1]


def _biased(x: Array, w: Sequence[Array]) -> Array:
    return x + w[1] if len(w) > 1 else x


def _convolution(module: nn.Conv2d) -> Layer:
    bias = [Place()] if module.bias is not None else []
    (k, _), (s, _), p = module.kernel_size, module.stride, int(module.padding[0])
    if (s, p) == (1, 0):  # of the whole picture: a product
        joined = (k * k * module.in_channels, module.out_channels)
        return Layer(lambda w, x: _biased(x.reshape(len(x), -1) @ w[0], w), [Place((2, 3, 1, 0), (), joined), *bias])

    def apply(w: Sequence[Array], x: Array) -> Array:
        return _biased(lax.conv_general_dilated(x, w[0], (s, s), [(p, p)] * 2, dimension_numbers=DIMENSIONS), w)

    return Layer(apply, [Place((2, 3, 1, 0)), *bias])


def _transposed(module: nn.ConvTranspose2d) -> Layer:
    bias = [Place()] if module.bias is not None else []
    (k, _), (s, _), p, out = module.kernel_size, module.stride, int(module.padding[0]), module.out_channels
    if (s, p) == (1, 0):  # of a single pixel: a product
        joined = (module.in_channels, k * k * out)
        return Layer(
            lambda w, z: _biased((z @ w[0]).reshape(-1, k, k, out), w), [Place((0, 2, 3, 1), (), joined), *bias]
        )

    def apply(w: Sequence[Array], x: Array) -> Array:
        padding = [(k - 1 - p, k - 1 - p)] * 2
        grown = lax.conv_general_dilated(x, w[0], (1, 1), padding, lhs_dilation=(s, s), dimension_numbers=DIMENSIONS)
        return _biased(grown, w)

    return Layer(apply, [Place((2, 3, 0, 1), (0, 1)), *bias])
