"""Transport plans that somebody filled in by hand, and the tables of a lecture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from gansmith.errors import GansmithError
from gansmith.numerics import in_double
from gansmith.theory.transport import optimal_plan


class Weighed(NamedTuple):
    """What a plan is worth."""

    cost: float
    """Σ γᵢⱼ cᵢⱼ."""
    rows: Tensor
    """(M,) what leaves each box, less what is there: 0 in a plan that is one."""
    columns: Tensor
    """(N,) what comes to each box, less what is wanted."""
    excess: float
    """The cost, less that of the cheapest plan; of no meaning where rows or columns are not 0."""


def weigh(plan: Tensor, p: Tensor, q: Tensor, cost: Tensor) -> Weighed:
    """Return a plan's cost, its marginal errors and its distance from the best, whatever is wrong with it.

    Args:
        plan, cost: (M, N).
        p, q: (M,) and (N,) masses with equal sums.

    Raises:
        GansmithError: if the shapes do not go together or a cell is negative.

    >>> half = torch.tensor([0.5, 0.5])
    >>> weigh(torch.full((2, 2), 0.25), half, half, torch.tensor([[0.0, 1.0], [1.0, 0.0]])).excess
    0.5
    """
    if plan.shape != cost.shape or plan.shape != (len(p), len(q)):
        raise GansmithError(f"a plan and costs of shape {(len(p), len(q))} are needed, got {tuple(plan.shape)}")
    plan, p, q, cost = (in_double(values) for values in (plan, p, q, cost))
    if not (plan >= 0).all():
        raise GansmithError(f"a plan moves nothing negative, got {plan.min():g}")
    own, best = (float((one * cost).sum()) for one in (plan, optimal_plan(p, q, cost)))
    return Weighed(own, plan.sum(1) - p, plan.sum(0) - q, own - best)


class Lesson(NamedTuple):
    """Boxes on the line and plans for them, by name."""

    x: Tensor
    """(M, 1)."""
    y: Tensor
    """(N, 1)."""
    p: Tensor
    """(M,)."""
    q: Tensor
    """(N,)."""
    plans: dict[str, Tensor]


def _row(values: Sequence[int] | Sequence[Sequence[int]]) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def all_to_the_right() -> Lesson:
    """Return a lecture's table: {1, 2, 3} with 3, 1, 2 to {7, 8, 9, 10} with 1, 1, 2, 2, and its two plans.

    Every source lies left of every target, so |x − y| = y − x, and Σ γ (y − x) = Σ q y − Σ p x whatever γ is: 42.

    >>> lesson = all_to_the_right()
    >>> [weigh(plan, lesson.p, lesson.q, torch.cdist(lesson.x, lesson.y)).cost for plan in lesson.plans.values()]
    [42.0, 42.0]
    """
    return Lesson(
        x=_row([[1], [2], [3]]),
        y=_row([[7], [8], [9], [10]]),
        p=_row([3, 1, 2]),
        q=_row([1, 1, 2, 2]),
        plans={
            "γ₁": _row([[1, 0, 0, 2], [0, 1, 0, 0], [0, 0, 2, 0]]),
            "γ₂": _row([[1, 0, 1, 1], [0, 1, 0, 0], [0, 0, 1, 1]]),
        },
    )


def well_and_badly_matched() -> Lesson:
    """Return two boxes at 0 and 4 and two targets at 1 and 3: matched well 1 + 1 = 2, badly 3 + 3 = 6.

    >>> lesson = well_and_badly_matched()
    >>> [weigh(plan, lesson.p, lesson.q, torch.cdist(lesson.x, lesson.y)).cost for plan in lesson.plans.values()]
    [2.0, 6.0]
    """
    return Lesson(
        x=_row([[0], [4]]),
        y=_row([[1], [3]]),
        p=_row([1, 1]),
        q=_row([1, 1]),
        plans={"well": _row([[1, 0], [0, 1]]), "badly": _row([[0, 1], [1, 0]])},
    )


def random_plan(p: Tensor, q: Tensor, rng: torch.Generator) -> Tensor:
    """Return a plan with these whole-numbered marginals: units of earth paired at random.

    >>> random_plan(torch.tensor([2, 1]), torch.tensor([1, 2]), torch.Generator().manual_seed(0)).sum(1)
    tensor([2., 1.], dtype=torch.float64)
    """
    whence = torch.repeat_interleave(torch.arange(len(p)), p.long())
    whither = torch.repeat_interleave(torch.arange(len(q)), q.long())
    if len(whence) != len(whither):
        raise GansmithError(f"{len(whence)} of earth cannot fill {len(whither)}: the masses must have equal sums")
    plan = torch.zeros(len(p), len(q), dtype=torch.float64)
    pairs = (whence, whither[torch.randperm(len(whither), generator=rng)])
    return plan.index_put_(pairs, torch.ones(len(whence), dtype=torch.float64), accumulate=True)
