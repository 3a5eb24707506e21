"""Layers that compute what torch's own do, in less time where a GAN spends it."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu


class LeakyReLU(nn.LeakyReLU):
    """nn.LeakyReLU that knows that its second derivative vanishes.

    A gradient penalty differentiates a gradient. Torch's own activation then passes zeros on to all layers before it,
    each of which multiplies them with its weights; this one passes on nothing. A call takes longer to begin, which only
    large maps make up for.
    """

    def forward(self, x: Tensor) -> Tensor:
        if not (torch.is_grad_enabled() and x.requires_grad) or _recorded():
            return super().forward(x)
        y: Tensor = _Leaky.apply(x, self.negative_slope, self.inplace)  # type: ignore[no-untyped-call]
        return y


def _recorded() -> bool:
    """Tell whether a network is written down for elsewhere, where there are torch's own operations alone."""
    tracing = torch.jit.is_tracing()  # type: ignore[attr-defined, no-untyped-call]
    return bool(tracing) or torch.compiler.is_exporting()


class _Leaky(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, slope: float, inplace: bool) -> Tensor:
        ctx.set_materialize_grads(False)
        y = leaky_relu(x, slope, inplace)
        if inplace:
            ctx.mark_dirty(x)
        ctx.save_for_backward(y)
        ctx.slope = slope
        return y

    @staticmethod
    def backward(ctx: Any, gradient: Tensor | None) -> tuple[Tensor | None, None, None]:
        return _sloped(ctx, gradient), None, None


class _Sloped(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, gradient: Tensor, y: Tensor, slope: float) -> Tensor:
        ctx.set_materialize_grads(False)
        ctx.save_for_backward(y)
        ctx.slope = slope
        return torch.ops.aten.leaky_relu_backward(gradient, y, slope, True)  # type: ignore[no-any-return]

    @staticmethod
    def backward(ctx: Any, gradient: Tensor | None) -> tuple[Tensor | None, None, None]:
        return _sloped(ctx, gradient), None, None


def _sloped(ctx: Any, gradient: Tensor | None) -> Tensor | None:
    if gradient is None:
        return None
    (y,) = ctx.saved_tensors
    sloped: Tensor = _Sloped.apply(gradient, y, ctx.slope)  # type: ignore[no-untyped-call]
    return sloped


class FromVector(nn.ConvTranspose2d):
    """nn.ConvTranspose2d without padding, of maps of a single pixel: a product of matrices, computed as one."""

    def forward(self, x: Tensor, output_size: list[int] | None = None) -> Tensor:
        weight = self.weight.permute(0, 2, 3, 1)  # as it lies in memory with channels last
        y = (x.flatten(1) @ weight.flatten(1)).view(-1, *self.kernel_size, self.out_channels).permute(0, 3, 1, 2)
        return y if self.bias is None else y + self.bias[:, None, None]


class ToVector(nn.Conv2d):
    """nn.Conv2d without padding, of maps as large as its kernel: a product of matrices, computed as one."""

    def forward(self, x: Tensor) -> Tensor:
        x, weight = (tensor.permute(0, 2, 3, 1).flatten(1) for tensor in (x, self.weight))
        return nn.functional.linear(x, weight, self.bias)[:, :, None, None]
