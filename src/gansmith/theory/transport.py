"""The earth mover's problem: plans, their costs, and the dual problem whose solution is a critic."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from gansmith.errors import GansmithError
from gansmith.numerics import in_double


class Table(NamedTuple):
    """A transport problem small enough for a blackboard: boxes of earth, where they shall go, and two ways."""

    p: Tensor
    """(M,) earth in each box of P_r."""
    q: Tensor
    """(N,) earth wanted in each box of P_θ."""
    x: Tensor
    """(M, 1) where the boxes of P_r stand."""
    y: Tensor
    """(N, 1) where the boxes of P_θ stand."""
    good: Tensor
    """(M, N) an optimal plan."""
    bad: Tensor
    """(M, N) another plan that moves all earth, but further."""


def table() -> Table:
    """Return an example of 3 × 4 boxes.

    >>> t = table()
    >>> [round(plan_cost(plan, t.p, t.q, torch.cdist(t.x, t.y)), 12) for plan in (t.good, t.bad)]
    [1.0, 1.8]
    """

    def tenths(rows: list[int] | list[list[int]]) -> Tensor:
        return torch.tensor(rows, dtype=torch.float64) / 10

    return Table(
        p=tenths([5, 3, 2]),
        q=tenths([2, 3, 1, 4]),
        x=torch.arange(3, dtype=torch.float64).unsqueeze(1),
        y=torch.arange(4, dtype=torch.float64).unsqueeze(1),
        good=tenths([[2, 3, 0, 0], [0, 0, 1, 2], [0, 0, 0, 2]]),
        bad=tenths([[0, 1, 0, 4], [0, 2, 1, 0], [2, 0, 0, 0]]),
    )


def optimal_plan(p: Tensor, q: Tensor, cost: Tensor) -> Tensor:
    """Return γ (M, N), the cheapest way to turn p into q: argmin Σ γᵢⱼ cᵢⱼ with Σⱼ γᵢⱼ = pᵢ, Σᵢ γᵢⱼ = qⱼ, γ ≥ 0.

    With distances as costs, its `plan_cost` is the earth mover's distance W₁(p, q).

    Args:
        p, q: (M,) and (N,) masses with equal sums.
        cost: (M, N) of moving a unit from i to j.

    Raises:
        GansmithError: if the sums differ or the costs have another shape.

    Bonneel et al. 2011, "Displacement interpolation using Lagrangian mass transport", as in POT's `ot.emd`.

    >>> optimal_plan(torch.tensor([0.5, 0.5]), torch.tensor([0.5, 0.5]), torch.tensor([[0.0, 1.0], [1.0, 0.0]]))
    tensor([[0.5000, 0.0000],
            [0.0000, 0.5000]], dtype=torch.float64)
    """
    import ot

    p, q = _balanced(p, q)
    if cost.shape != (len(p), len(q)):
        raise GansmithError(f"costs of shape {(len(p), len(q))} are needed, got {tuple(cost.shape)}")
    return torch.from_numpy(ot.emd(p.numpy(), q.numpy(), in_double(cost).numpy(), numItermax=1_000_000))


def plan_cost(plan: Tensor, p: Tensor, q: Tensor, cost: Tensor) -> float:
    """Return Σ γᵢⱼ cᵢⱼ of a plan that takes p to q.

    Args:
        plan, cost: (M, N).
        p, q: (M,) and (N,).

    Raises:
        GansmithError: if the plan moves a negative amount, does not empty p or does not fill q.

    >>> half = torch.full((2, 2), 0.25)
    >>> plan_cost(half, torch.tensor([0.5, 0.5]), torch.tensor([0.5, 0.5]), torch.tensor([[0.0, 1.0], [1.0, 0.0]]))
    0.5
    """
    if plan.shape != cost.shape or plan.shape != (len(p), len(q)):
        raise GansmithError(f"a plan and costs of shape {(len(p), len(q))} are needed, got {tuple(plan.shape)}")
    plan = in_double(plan)
    if not (plan >= 0).all():
        raise GansmithError(f"a plan moves nothing negative, got {plan.min():g}")
    for what, moved, mass in (("row", plan.sum(1), p), ("column", plan.sum(0), q)):
        wrong = (moved - in_double(mass)).abs()
        if wrong.max() > 1e-6:
            i = int(wrong.argmax())
            raise GansmithError(f"{what} {i} of the plan sums to {moved[i]:g}, not to {mass[i]:g}")
    return float((plan * in_double(cost)).sum())


class Critic(NamedTuple):
    """A solution of the dual problem."""

    value: float
    """Σ pᵢ f(xᵢ) − Σ qⱼ f(yⱼ)."""
    at_x: Tensor
    """(M,) f at the points of p."""
    at_y: Tensor
    """(N,) f at the points of q."""


def best_critic(p: Tensor, q: Tensor, x: Tensor, y: Tensor) -> Critic:
    """Return the 1-Lipschitz f with the greatest E_p f − E_q f, which is W₁(p, q) (Kantorovich-Rubinstein).

    A linear program in the values of f at all points: max Σ pᵢ f(xᵢ) − Σ qⱼ f(yⱼ) with f(a) − f(b) ≤ ‖a − b‖ for every
    two of them; f is fixed up to a constant, here by its value 0 at the first point.

    Args:
        p, q: (M,) and (N,) probabilities.
        x, y: (M, D) and (N, D) points where they sit.

    Raises:
        GansmithError: if p and q differ in their sums.

    Kantorovich, Rubinstein 1958; Villani 2009, "Optimal transport: old and new", remark 6.5; solved by HiGHS.

    >>> at = torch.tensor
    >>> best_critic(at([1.0]), at([0.5, 0.5]), at([[0.0]]), at([[1.0], [3.0]])).value
    2.0
    """
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    points = in_double(torch.cat([x, y]))
    n = len(points)
    a, b = (~torch.eye(n, dtype=torch.bool)).nonzero().T.numpy()
    rows = np.arange(len(a))
    differences = coo_array(
        (np.repeat([1.0, -1.0], len(a)), (np.tile(rows, 2), np.concatenate([a, b]))), shape=(len(a), n)
    )
    p, q = _balanced(p, q)
    solved = linprog(
        torch.cat([-p, q]).numpy(),
        A_ub=differences.tocsr(),
        b_ub=torch.cdist(points, points).numpy()[a, b],
        bounds=[(0, 0)] + [(None, None)] * (n - 1),
    )
    f = torch.from_numpy(solved.x)
    return Critic(float(-solved.fun), f[: len(x)], f[len(x) :])


def _balanced(p: Tensor, q: Tensor) -> tuple[Tensor, Tensor]:
    """Return both in float64, with sums that are equal to the last digit."""
    p, q = in_double(p), in_double(q)
    if abs(p.sum() - q.sum()) > 1e-6:
        raise GansmithError(f"{p.sum():g} of earth cannot fill {q.sum():g}: the masses must have equal sums")
    return p, q * (p.sum() / q.sum())
