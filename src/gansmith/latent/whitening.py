"""Coordinates in which the points of a latent space have mean 0 and covariance 1."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from gansmith.errors import GansmithError

FLAT = 1e-6  # of the largest variance: directions with less count as having none


@dataclass(frozen=True)
class Whitening:
    """u = L⁻¹ (p − m) for points p of mean m and covariance C = L Lᵀ, and the way back.

    L = V Λ^(1/2) of the eigenvectors V and eigenvalues Λ of C, without those directions in which the points do not
    vary (below 1e-6 of the largest variance): u has a number for each of the r others, L⁻¹ is the pseudo-inverse, and
    no step Δu leads where no point lies.

    Attributes:
        mean: (d,) m; double precision, like the others.
        root: (r, d) Lᵀ.
        inverse: (d, r) transpose of L⁻¹.
    """

    mean: Tensor
    root: Tensor
    inverse: Tensor

    @property
    def rank(self) -> int:
        """r, directions in which the points vary."""
        return len(self.root)

    def whitened(self, points: Tensor) -> Tensor:
        """Return u (N, r) of points (N, d), float32."""
        return ((points.double() - self.mean) @ self.inverse).float()

    def moved(self, points: Tensor, step: Tensor) -> Tensor:
        """Return p + L Δu, (N, d) float32; what lies outside all directions stays, and without a step each bit."""
        return (points.double() + step.double() @ self.root).float()

    def points(self, u: Tensor) -> Tensor:
        """Return m + L u, (N, d) float32, for u (N, r)."""
        return self.moved(self.mean.expand(len(u), -1), u)


def whitening_of(points: Tensor) -> Whitening:
    """Return the whitening of these points' own mean and covariance (divided by N − 1).

    Args:
        points: (N, d), N ≥ 2; with N ≤ d they vary in N − 1 directions at most.

    Raises:
        GansmithError: if they are fewer than two, all the same, or not finite.
    """
    if points.dim() != 2 or len(points) < 2 or not points.isfinite().all():
        raise GansmithError(f"whitening: points of shape {tuple(points.shape)} are not (N, d), finite, N of 2 or more")
    exact = points.double()
    mean = exact.mean(dim=0)
    centred = exact - mean
    variance, basis = torch.linalg.eigh(centred.T @ centred / (len(points) - 1))
    kept = variance > FLAT * variance[-1].clamp(min=torch.finfo(torch.double).tiny)
    if not kept.any():
        raise GansmithError("whitening: all points are the same, so the generator has nothing to steer")
    basis, spread = basis[:, kept].flip(1), variance[kept].sqrt().flip(0)
    basis = basis * basis.gather(0, basis.abs().argmax(dim=0, keepdim=True)).sign()
    return Whitening(mean, (basis * spread).T, basis / spread)
