"""Attribute axes of a latent space: directions along which a predictor's logits rise, by regression."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from gansmith.errors import GansmithError, unknown
from gansmith.latent.whitening import Whitening

RIDGE = 1e-3  # of logistic regression, times |a|²/2 beside the mean cross-entropy
NEWTON = 25  # steps at most
SAME = 1e-6  # a direction shorter than that share of what it was is none


@dataclass(frozen=True)
class Axes:
    """A straight line for each attribute.

    They are fitted where the points have covariance 1, and one unit there is a standard deviation of the points along
    any axis. A step Δu is the step L Δu of the points, whose covariance is L Lᵀ, so an axis a becomes L a / |L a|. (A
    gradient is carried over by the transpose of L⁻¹ instead, another direction unless L Lᵀ is a multiple of 1.)

    Attributes:
        names: of the A attributes.
        unit: (A, r) unit vectors in whitened space; inner products of axes are meant there.
        slopes: (A,) by how much the regression's logit of each attribute rises for one unit along its axis.
        whitening: from points to u.
    """

    names: tuple[str, ...]
    unit: Tensor
    slopes: Tensor
    whitening: Whitening

    @property
    def raw(self) -> Tensor:
        """(A, d) unit vectors in the space of the points themselves: L a / |L a|."""
        steps: Tensor = self.unit @ self.whitening.root
        size: Tensor = steps.norm(dim=1, keepdim=True)
        return steps / size

    def index(self, name: str) -> int:
        """Return the row of an attribute."""
        if name not in self.names:
            raise unknown("attribute", name, self.names)
        return self.names.index(name)

    def along(self, points: Tensor, name: str, distance: Tensor | float) -> Tensor:
        """Return points (N, d) moved straight along an axis: p + t L a.

        Args:
            distance: t, in standard deviations, one number or (N,).
        """
        t = torch.as_tensor(distance, dtype=torch.double).expand(len(points))
        return self.whitening.moved(points, t[:, None] * self.unit[self.index(name)])


def linear_axes(points: Tensor, logits: Tensor, names: Sequence[str], whitening: Whitening) -> Axes:
    """Return axes by least squares: argmin over a, b of Σᵢ (a·uᵢ + b − lᵢ)²; of all that fit as well, the shortest a.

    Args:
        points: (N, d).
        logits: (N, A) l of each attribute.
        names: of the A attributes.
        whitening: of the points' space.

    Raises:
        GansmithError: if shapes do not match, numbers are not finite, or an attribute follows no direction.
    """
    u, targets = _checked(points, logits, names, whitening)
    centred = u - u.mean(dim=0)
    slopes = torch.linalg.lstsq(centred, targets - targets.mean(dim=0), driver="gelsd").solution.T
    return _axes(names, slopes, whitening)


def logistic_axes(points: Tensor, targets: Tensor, names: Sequence[str], whitening: Whitening) -> Axes:
    """Return axes by logistic regression: argmin of mean cross-entropy(σ(a·u + b), y) + 0.0005 |a|².

    By Newton's steps (iteratively reweighted least squares), each halved until the sum falls; b bears no ridge.

    Args:
        points: (N, d).
        targets: (N, A) y in [0, 1]: classes, or probabilities.
        names: of the A attributes.
        whitening: of the points' space.

    Raises:
        GansmithError: if shapes do not match, a target lies outside [0, 1] or never changes.
    """
    u, y = _checked(points, targets, names, whitening)
    if ((y < 0) | (y > 1)).any():
        raise GansmithError("logistic axes: targets must be in [0, 1]; for logits there are linear axes")
    constant = y.amin(dim=0) == y.amax(dim=0)
    if constant.any():
        raise GansmithError(f"attribute {names[int(constant.int().argmax())]} never changes over these points")
    x = torch.cat([u, u.new_ones(len(u), 1)], dim=1)
    return _axes(names, torch.stack([_newton(x, y[:, i]) for i in range(y.shape[1])])[:, :-1], whitening)


def orthogonalised(axes: Axes, locked: Sequence[str] = ()) -> Axes:
    """Return the axes with whitened inner products of zero: by Gram-Schmidt, locked ones first, then as they stand.

    Locked axes stay as they are, also towards each other. Every other one loses its part in the span of the locked
    axes and of those that stand before it, aₖ ← aₖ − Q Qᵀ aₖ, and is a unit vector again; its slope is then that of
    its own attribute along what is left.

    Raises:
        GansmithError: if an axis is unknown, or nothing of it is left.
    """
    order = [axes.index(name) for name in dict.fromkeys(locked)]
    unit = axes.unit.clone()
    known = _basis(unit[order])
    for i in (i for i in range(len(unit)) if i not in order):
        rest = unit[i] - known.T @ (known @ unit[i])
        rest = rest - known.T @ (known @ rest)  # once more, for what rounding left
        if rest.norm() < SAME:
            raise GansmithError(f"axis {axes.names[i]} lies among the others: leave one of them out, or lock fewer")
        unit[i] = rest / rest.norm()
        known = torch.cat([known, unit[i : i + 1]])
    return replace(axes, unit=unit, slopes=axes.slopes * (unit * axes.unit).sum(dim=1))


def _basis(vectors: Tensor) -> Tensor:
    """Return orthonormal rows that span the given ones."""
    _, size, rows = torch.linalg.svd(vectors, full_matrices=False)
    spanning: Tensor = rows[size > SAME]
    return spanning


def _checked(points: Tensor, targets: Tensor, names: Sequence[str], whitening: Whitening) -> tuple[Tensor, Tensor]:
    if points.dim() != 2 or targets.shape != (len(points), len(names)) or not len(points):
        shapes = f"points {tuple(points.shape)} and targets {tuple(targets.shape)}"
        raise GansmithError(f"axes of {len(names)} attributes: {shapes} are not (N, d) and (N, {len(names)})")
    if not points.isfinite().all() or not targets.isfinite().all():
        raise GansmithError("axes: some points or targets are NaN or infinite")
    return whitening.whitened(points).double(), targets.double()


def _axes(names: Sequence[str], slopes: Tensor, whitening: Whitening) -> Axes:
    length = slopes.norm(dim=1)
    flat = length <= 1e-9
    if flat.any():
        raise GansmithError(f"attribute {names[int(flat.int().argmax())]} follows no direction of these points")
    return Axes(tuple(names), slopes / length[:, None], length, whitening)


def _newton(x: Tensor, y: Tensor) -> Tensor:
    """Return the coefficients (d + 1,) of one logistic regression."""
    ridge = torch.full((x.shape[1],), RIDGE, dtype=x.dtype)
    ridge[-1] = 0

    def loss(a: Tensor) -> float:
        return float(binary_cross_entropy_with_logits(x @ a, y) + (ridge * a * a).sum() / 2)

    a = x.new_zeros(x.shape[1])
    for _ in range(NEWTON):
        p = torch.sigmoid(x @ a)
        slope = x.T @ (p - y) / len(x) + ridge * a
        if slope.abs().max() < 1e-9:
            break
        curvature = (x.T * (p * (1 - p))) @ x / len(x) + torch.diag(ridge + 1e-12)
        a = _descended(loss, a, torch.linalg.solve(curvature, slope))
    return a


def _descended(loss: Callable[[Tensor], float], a: Tensor, step: Tensor) -> Tensor:
    """Return a − step, or with the largest of its halves, quarters, … after which the loss is not higher."""
    before = loss(a)
    for _ in range(20):
        there: Tensor = a - step
        if loss(there) <= before:
            return there
        step = step / 2
    return a
