"""How much one coordinate of a latent space moves one attribute, and no other, as numbers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from sklearn.linear_model import Lasso
from torch import Tensor

from gansmith.errors import GansmithError

BINS = 20  # of each coordinate, for mutual information
PENALTY = 0.02  # of the regression, whose absolute weights are importances, on factors of deviation 1


class Disentangled(NamedTuple):
    """Numbers in [0, 1]: 1 where each coordinate moves one factor, and each factor has one coordinate."""

    disentanglement: float
    """Mean over coordinates, by their importance, of 1 − H(factors | coordinate)/log K."""
    completeness: float
    """Mean over factors of 1 − H(coordinates | factor)/log d."""
    informativeness: float
    """Mean over factors of R² of that regression, on samples that it was not fitted to."""
    gap: float
    """MIG: mean over factors of the mutual information's first minus second coordinate, of the factor's entropy."""


def disentangled(coordinates: Tensor, factors: Tensor) -> Disentangled:
    """Return DCI and MIG of coordinates and known factors.

    Eastwood, Williams 2018, "A framework for the quantitative evaluation of disentangled representations": importances
    are the absolute weights of a linear regression with an absolute penalty, on standardised coordinates. Chen, Li,
    Grosse, Duvenaud 2018, "Isolating sources of disentanglement in VAEs", arXiv 1802.04942: mutual information of each
    coordinate, in 20 bins of equal share, with each factor.

    Args:
        coordinates: (N, d).
        factors: (N, K) of 0 and 1, K ≥ 2; those that never change are left out.

    Raises:
        GansmithError: if shapes do not match, or fewer than two factors change.
    """
    if coordinates.dim() != 2 or factors.dim() != 2 or len(coordinates) != len(factors) or coordinates.shape[1] < 2:
        shapes = f"{tuple(coordinates.shape)} and {tuple(factors.shape)}"
        raise GansmithError(f"disentanglement: shapes {shapes} are not (N, d) with d of 2 or more, and (N, K)")
    share = factors.double().mean(dim=0)
    y = factors[:, (share > 0.01) & (share < 0.99)].double()
    if y.shape[1] < 2:
        raise GansmithError(f"disentanglement: {y.shape[1]} of {factors.shape[1]} factors change; two are the least")
    x = coordinates.double()
    x = (x - x.mean(dim=0)) / x.std(dim=0).clamp(min=1e-9)
    weights, told = _importances(x, y)
    return Disentangled(
        _concentrated(weights, weights.sum(dim=1)), _concentrated(weights.T, torch.ones(y.shape[1])), told, _gap(x, y)
    )


def mutual_information(x: Tensor, y: Tensor) -> Tensor:
    """Return I(xᵢ; yₖ) in nats, (d, K), of coordinates (N, d) in 20 bins of equal share and factors (N, K), 0 or 1."""
    edges = torch.quantile(x, torch.linspace(0, 1, BINS + 1, dtype=x.dtype)[1:-1], dim=0)
    bins = torch.searchsorted(edges.T.contiguous(), x.T.contiguous())
    inside = torch.nn.functional.one_hot(bins, BINS).to(y)  # (d, N, bins)
    p = inside.mean(dim=1)[:, :, None]
    both = torch.stack([torch.einsum("dnb,nk->dbk", inside, part) / len(y) for part in (y, 1 - y)])
    q = torch.stack([y.mean(dim=0), 1 - y.mean(dim=0)])[:, None, None]
    return torch.where(both > 0, both * (both.clamp(min=1e-30) / (p * q)).log(), 0).sum(dim=(0, 2))


def _importances(x: Tensor, y: Tensor) -> tuple[Tensor, float]:
    """Return importances (d, K), and how well factors are told of the second half of the samples."""
    half = len(x) // 2
    columns, told = [], []
    for target in ((y - y.mean(dim=0)) / y.std(dim=0)).T.numpy():
        model = Lasso(alpha=PENALTY).fit(x[:half].numpy(), target[:half])
        columns.append(np.abs(model.coef_))
        told.append(max(0.0, model.score(x[half:].numpy(), target[half:])))
    return torch.from_numpy(np.stack(columns, axis=1)), float(np.mean(told))


def _concentrated(weights: Tensor, importance: Tensor) -> float:
    """Return the mean over rows, by importance, of 1 − entropy/log of the columns."""
    p = weights / weights.sum(dim=1, keepdim=True).clamp(min=1e-12)
    entropy = -torch.where(p > 0, p * p.clamp(min=1e-30).log(), 0).sum(dim=1) / np.log(weights.shape[1])
    share = importance.double() / importance.double().sum().clamp(min=1e-12)
    return float((share * (1 - entropy)).sum())


def _gap(x: Tensor, y: Tensor) -> float:
    information = mutual_information(x, y)
    q = y.mean(dim=0)
    entropy = -(q * q.log() + (1 - q) * (1 - q).log())
    first, second = information.topk(2, dim=0).values
    return float(((first - second) / entropy).mean())
