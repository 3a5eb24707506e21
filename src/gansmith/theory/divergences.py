"""Divergences between distributions: of probabilities, of densities on a grid, of Gaussians, of samples.

A distribution is a tensor of any shape: probabilities, or with `cell` the values of a density in the middle of cells of
that length, area or volume, so that Σ pᵢ · cell = 1. Logarithms are natural: divergences come in nats.
"""

from __future__ import annotations

import torch
from torch import Tensor

from gansmith.errors import GansmithError
from gansmith.numerics import in_double


def kl(p: Tensor, q: Tensor, cell: float = 1.0) -> float:
    """Return KL(p‖q) = Σ p log(p/q): 0 if p = q, +∞ if p is somewhere where q is not.

    Args:
        p, q: distributions of one shape.
        cell: size of a grid's cell where p and q are densities.

    Raises:
        GansmithError: if the shapes differ or one of them is no distribution.

    Kullback, Leibler 1951, "On information and sufficiency".

    >>> kl(torch.tensor([0.5, 0.5]), torch.tensor([0.25, 0.75])), kl(torch.tensor([0.5, 0.5]), torch.tensor([1.0, 0.0]))
    (0.143841..., inf)
    """
    p, q = distributions(p, q, cell)
    return float(_relative_entropy(p, q).sum() * cell)


def js(p: Tensor, q: Tensor, cell: float = 1.0) -> float:
    """Return JS(p, q) = ½ KL(p‖m) + ½ KL(q‖m), m = ½ (p + q): symmetric, between 0 and log 2.

    It is log 2 as soon as p and q are nowhere together, however near to each other they are.

    Args, errors: as for `kl`. Lin 1991, "Divergence measures based on the Shannon entropy".

    >>> js(torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0]))  # log 2
    0.693147...
    """
    p, q = distributions(p, q, cell)
    m = (p + q) / 2
    return float((_relative_entropy(p, m) + _relative_entropy(q, m)).sum() * cell / 2)


def total_variation(p: Tensor, q: Tensor, cell: float = 1.0) -> float:
    """Return TV(p, q) = ½ Σ |p − q|, the greatest difference in probability of any event: between 0 and 1.

    Args, errors: as for `kl`.

    >>> total_variation(torch.tensor([0.5, 0.5]), torch.tensor([0.25, 0.75]))
    0.25
    """
    p, q = distributions(p, q, cell)
    return float((p - q).abs().sum() * cell / 2)


def kl_gaussians(mean_p: Tensor, covariance_p: Tensor, mean_q: Tensor, covariance_q: Tensor) -> float:
    """Return KL(N(μ_p, Σ_p)‖N(μ_q, Σ_q)) = ½ (tr Σ_q⁻¹Σ_p + (μ_q − μ_p)ᵀ Σ_q⁻¹ (μ_q − μ_p) − D + log |Σ_q|/|Σ_p|).

    Args:
        mean_p, mean_q: (D,).
        covariance_p, covariance_q: (D, D), positive definite.

    Raises:
        torch.linalg.LinAlgError: if a covariance is not positive definite.

    >>> one, zero = torch.eye(1), torch.zeros(1)
    >>> kl_gaussians(zero, one, zero + 3, one)  # θ²/2 for a shift of θ
    4.5
    """
    root_p, root_q = (torch.linalg.cholesky(in_double(c)) for c in (covariance_p, covariance_q))
    spread = torch.linalg.solve_triangular(root_q, root_p, upper=False).square().sum()  # tr Σ_q⁻¹Σ_p
    shift = in_double(mean_q - mean_p).unsqueeze(1)
    distance = torch.linalg.solve_triangular(root_q, shift, upper=False).square().sum()
    volumes = 2 * (root_q.diagonal().log().sum() - root_p.diagonal().log().sum())
    return float(spread + distance - len(mean_p) + volumes) / 2


def kl_samples(x: Tensor, y: Tensor, k: int = 5) -> float:
    """Return an estimate of KL(p‖q) from samples x ~ p and y ~ q: D/M Σ log(ν(xᵢ)/ρ(xᵢ)) + log(N/(M − 1)).

    ρ and ν are distances to the k-th nearest other sample of x and the k-th nearest of y. Needs continuous
    distributions. It is consistent, its spread falls like 1/√M, and it is biased at any finite number of samples:
    upwards for distributions that are alike in many dimensions, downwards where p has tails that y never reached; where
    KL is infinite it stays finite. Samples have no JS or total variation of their own (no two of them meet: log 2 and
    1); what a discriminator can tell of JS is `optimal.js_bound`.

    Args:
        x, y: (M, D) and (N, D).
        k: neighbours; more of them mean less spread and more bias.

    Raises:
        GansmithError: if there are too few samples, or so many equal ones that a distance is 0.

    Wang, Kulkarni, Verdú 2009, "Divergence estimation for multidimensional densities via k-nearest-neighbor distances".

    >>> rng = torch.Generator().manual_seed(0)
    >>> x, y = torch.randn(2000, 1, generator=rng), 1 + torch.randn(2000, 1, generator=rng)
    >>> abs(kl_samples(x, y) - 0.5) < 0.1
    True
    """
    if len(x) <= k or len(y) < k:
        raise GansmithError(f"{k} neighbours need at least {k + 1} and {k} samples, got {len(x)} and {len(y)}")
    x, y = in_double(x), in_double(y)
    own = torch.cdist(x, x).kthvalue(k + 1, dim=1).values  # the nearest one is the sample itself
    other = torch.cdist(x, y).kthvalue(k, dim=1).values
    if min(own.min(), other.min()) == 0:
        raise GansmithError(f"more than {k} samples are equal: their distribution has no density")
    return float(x.shape[1] * (other / own).log().mean() + torch.tensor(len(y) / (len(x) - 1)).log())


def distributions(p: Tensor, q: Tensor, cell: float = 1.0) -> tuple[Tensor, Tensor]:
    """Return both in float64, or say which of them is no distribution; 10⁻³ of mass may lie beyond a grid's ends."""
    if p.shape != q.shape:
        raise GansmithError(f"two distributions of one shape are needed, got {tuple(p.shape)} and {tuple(q.shape)}")
    p, q = in_double(p), in_double(q)
    for name, values in (("first", p), ("second", q)):
        if not (values >= 0).all():
            raise GansmithError(f"the {name} distribution has a value that is negative or not a number")
        mass = float(values.sum() * cell)
        if abs(mass - 1) > 1e-3:
            raise GansmithError(f"the {name} distribution has mass {mass:g}, not 1: normalise it, or mind the cell")
    return p, q


def _relative_entropy(p: Tensor, q: Tensor) -> Tensor:
    """Return p log(p/q), with 0 log 0 = 0."""
    return torch.where(p > 0, p * (p.log() - q.log()), 0)
