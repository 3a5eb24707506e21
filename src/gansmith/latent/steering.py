"""Conditional steering: some attributes are moved to wanted values while others are held where they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn
from torch.func import jacrev

from gansmith.errors import GansmithError
from gansmith.generators.rest import at_rest

STILL = 1e-5  # a goal that near to where a logit is, times 1 + |logit|, asks for no move
THERE = 2e-6  # a logit that near to its goal, times 1 + |goal|, is there; float32 knows no better


@dataclass(frozen=True)
class Steps:
    """How `Steering` goes; lengths are in whitened units, standard deviations of the points along any direction.

    Attributes:
        count: steps at most.
        damping: λ.
        radius: a step is no longer than that.
        reach: nor is the whole way; a goal that lies farther off is not reached.
    """

    count: int = 20
    damping: float = 0.02
    radius: float = 1.0
    reach: float = 10.0


USUAL = Steps()


def steered(
    response: nn.Module,
    u: Tensor,
    targets: Sequence[int],
    goals: Tensor,
    held: Sequence[int] = (),
    steps: Steps = USUAL,
) -> Tensor:
    """Return u moved until its target logits are at their goals and the held ones where they were, (N, r) float32.

    All steps of `Steering`.
    """
    steering = Steering(response, u, targets, goals, held, steps)
    while steering.left:
        steering.step()
    return steering.now


class Steering:
    """Points on their way to where target logits are at their goals and the held ones where they were.

    Damped Gauss-Newton steps: u += Jᵀ (J Jᵀ + λ diag(J Jᵀ))⁻¹ (g − f(u)), no longer than the radius, in all no longer
    than the reach. Rows of J are those of the targets and the held attributes, g the goals and the held logits at the
    start. Each step thus leads along the targets' gradients with the held ones projected out, where it now is, and
    takes back what curvature moved. λ is relative to each row, so the scale of a logit does not matter.

    Levenberg 1944, "A method for the solution of certain non-linear problems in least squares"; Marquardt 1963, "An
    algorithm for least-squares estimation of nonlinear parameters".

    Whoever is at all goals already takes no step and stays the same bits.

    Attributes:
        now: (N, r) float32, the points as they are.
        left: steps still to be taken at most, 0 once everybody is there.

    Args:
        response: f, u (N, r) → logits (N, A), differentiable; each row of its own, as in evaluation mode.
        u: (N, r) whitened points.
        targets: columns of the logits that are moved.
        goals: (N, T) wanted logits, in the order of the targets.
        held: columns that stay.
        steps: how many, how damped, how long.
        at: (N, r) where they have come to on their way to other goals; by default they are at u.

    Raises:
        GansmithError: if goals do not match, an attribute is both moved and held, or f is not finite.
    """

    def __init__(
        self,
        response: nn.Module,
        u: Tensor,
        targets: Sequence[int],
        goals: Tensor,
        held: Sequence[int] = (),
        steps: Steps = USUAL,
        at: Tensor | None = None,
    ) -> None:
        _check(u, targets, goals, held)
        self.response, self.start, self.steps = response, u, steps
        self.columns = torch.tensor([*targets, *held], dtype=torch.long)
        with at_rest(response), torch.no_grad():
            start = response(u)[:, self.columns]
        own = start[:, : len(targets)]
        moving = ((goals - own).abs() > STILL * (1 + own.abs())).any(dim=1)
        self.moving = moving.nonzero()[:, 0]
        self.wanted = torch.cat([goals.to(start), start[:, len(targets) :]], dim=1)
        self.now = u.clone() if at is None else torch.where(moving[:, None], at, u)
        self.left = steps.count if len(self.moving) else 0
        self._look()

    def step(self) -> None:
        """Take a step with everybody who is not there yet."""
        with at_rest(self.response), torch.no_grad():
            step, there = _step(
                self.response, self.now[self.moving], self.columns, self.wanted[self.moving], self.steps
            )
        self.moving, step = self.moving[~there], step[~there]
        start = self.start[self.moving]
        self.now[self.moving] = start + _shortened(self.now[self.moving] + step - start, self.steps.reach)
        self.left = self.left - 1 if len(self.moving) else 0
        self._look()

    def prepare(self) -> bool:
        """Compute beforehand what a step from here needs, whatever it is to lead to, if the response keeps such.

        Return whether there was anything to be done.
        """
        prepare = getattr(self.response, "prepare", None)
        if prepare is None or len(self.now) != 1:
            return False
        with at_rest(self.response), torch.no_grad():
            return bool(prepare(self.now, self.columns))

    def _look(self) -> None:
        if not self.now.isfinite().all() or not self.wanted.isfinite().all():
            raise GansmithError("steering: points, goals or logits of the response are NaN or infinite")


def _check(u: Tensor, targets: Sequence[int], goals: Tensor, held: Sequence[int]) -> None:
    if goals.shape != (len(u), len(targets)):
        raise GansmithError(f"steering: goals of shape {tuple(goals.shape)} are not ({len(u)}, {len(targets)})")
    both = set(targets) & set(held)
    if both or len({*targets}) < len(targets) or len({*held}) < len(held):
        raise GansmithError(f"steering: move or hold each attribute once, not {[*targets]} and {[*held]}")


def _jacobian(response: nn.Module, u: Tensor, columns: Tensor) -> tuple[Tensor, Tensor]:
    """Return ∂f/∂u (N, R, r) and f (N, R) of some of the logits of any module."""

    def chosen(at: Tensor) -> tuple[Tensor, Tensor]:
        logits: Tensor = response(at)[:, columns]
        return logits.sum(dim=0), logits  # people are independent: the gradient of the sum holds each one's own

    rows, logits = jacrev(chosen, has_aux=True)(u)
    return rows.detach().transpose(0, 1), logits.detach()


def _step(response: nn.Module, u: Tensor, columns: Tensor, wanted: Tensor, steps: Steps) -> tuple[Tensor, Tensor]:
    """Return the next step (N, r), and who needs none any more, (N,)."""
    own = getattr(response, "jacobian", None) or partial(_jacobian, response)
    rows, logits = own(u, columns)
    error = (wanted - logits).double()
    there = (error.abs() <= THERE * (1 + wanted.abs())).all(dim=1)
    size = rows.double().norm(dim=2)
    moved = size > THERE * (1 + logits.abs())  # or else a logit that nothing moves
    scale = moved / size.where(moved, 1.0)
    j = rows.double() * scale[:, :, None]  # of length 1: λ diag(J Jᵀ) is λ
    damped = j @ j.mT + steps.damping * torch.eye(len(columns), dtype=torch.double)
    step = (j.mT @ torch.linalg.solve(damped, (error * scale).unsqueeze(2))).squeeze(2)
    return _shortened(step, steps.radius).to(u), there


def _shortened(way: Tensor, most: float) -> Tensor:
    """Return vectors (N, r), those longer than the most cut down to it."""
    length = way.norm(dim=1, keepdim=True)
    return torch.where(length > most, way * (most / length), way)
