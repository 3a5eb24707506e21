"""Layers through which a discriminator sees the whole minibatch, and so can tell a collapsed one from a diverse one.

Each appends `extra` numbers per sample, as features to (N, F) or as channels, constant over H and W, to (N, C, H, W).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


def _append(x: Tensor, extra: Tensor) -> Tensor:
    """Append (N, E) numbers to x (N, C, ...) → (N, C + E, ...)."""
    return torch.cat([x, extra.reshape(*extra.shape, *[1] * (x.dim() - 2)).expand(-1, -1, *x.shape[2:])], dim=1)


class MinibatchDiscrimination(nn.Module):
    """Append how near the other samples of the batch are, as `kernels` learnt measures see it.

    M_i = T x_i (kernels × dimensions), o(x_i)_b = Σ_{j≠i} exp(−‖M_ib − M_jb‖₁) ∈ [0, N − 1]

    T begins at N(0, 1/(F · dimensions²)): two samples with features of unit variance then lie about 1 apart. Much
    farther apart, no kernel would feel them. Needs N² · kernels · dimensions numbers.

    Args:
        features: F, the number of inputs per sample, flattened.
        kernels: how many numbers are appended.
        dimensions: of the space each kernel measures in.

    Salimans et al. 2016, "Improved techniques for training GANs", section 3.2, arXiv 1606.03498.

    >>> MinibatchDiscrimination(3, kernels=2)(torch.zeros(5, 3))[0].tolist()  # five times the same
    [0.0, 0.0, 0.0, 4.0, 4.0]
    """

    def __init__(self, features: int, kernels: int = 16, dimensions: int = 8) -> None:
        super().__init__()
        self.extra = kernels
        self.tensor = nn.Parameter(torch.randn(features, kernels * dimensions) / (features**0.5 * dimensions))

    def forward(self, x: Tensor) -> Tensor:
        measured = (x.flatten(1) @ self.tensor).reshape(x.shape[0], self.extra, -1)
        nearness = (measured[:, None] - measured[None]).abs().sum(3).neg().exp()  # (N, N, kernels)
        itself = torch.eye(x.shape[0], dtype=nearness.dtype, device=x.device)[:, :, None]
        return _append(x, (nearness - itself).sum(1))


class MinibatchDistances(nn.Module):
    """Append the mean and the minimum over j ≠ i of ‖x_i − x_j‖₂ / √F: how far the others are, and the nearest.

    Zeros for N = 1. The gradient is 0 at samples that coincide, which here are all those less than 1e-12 apart: so
    its second derivatives, which gradient penalties need, stay finite too. Needs N² · F numbers, because the distances
    of near samples would drown in the rounding errors of anything shorter.

    The plain form of minibatch discrimination (Salimans et al. 2016, arXiv 1606.03498): nothing is learnt.

    >>> MinibatchDistances()(torch.tensor([[0.0], [1.0], [4.0]])).tolist()
    [[0.0, 2.5, 1.0], [1.0, 2.0, 1.0], [4.0, 3.5, 3.0]]
    """

    extra = 2

    def forward(self, x: Tensor) -> Tensor:
        n, flat = x.shape[0], x.flatten(1)
        squares = (flat[:, None] - flat[None]).square().mean(2)
        apart = squares > 1e-24
        distances = torch.where(apart, torch.where(apart, squares, 1).sqrt(), 0)  # the root of 0 has no slope
        itself = torch.eye(n, dtype=torch.bool, device=x.device)
        nearest = distances.masked_fill(itself & ~itself.all(), torch.inf).amin(1)
        others = n - 1 + 1 // n  # 1 where there are none; no branch, which a recorded network would not take again
        return _append(x, torch.stack([distances.sum(1) / others, nearest], dim=1))
