"""Answers to questions that have several: how good each is, and how far several answers to one question lie apart."""

from __future__ import annotations

import math

from torch import Tensor

from gansmith.errors import GansmithError
from gansmith.numerics import in_double


def diversity(answers: Tensor, targets: Tensor) -> float:
    """Return E‖a − a′‖² / E‖a − x‖² of two answers to one question and the target: 1 if answers are drawn from p(x|y).

    Given y, the target is then one more draw, as far from an answer as another answer is. It is 0 where all answers to
    a question are the same, as those of least squared error are.

    Args:
        answers: (K, N, …), K ≥ 2 answers to each question.
        targets: (N, …).
    """
    if len(answers) < 2 or answers.shape[1:] != targets.shape:
        raise GansmithError(
            f"diversity: answers {tuple(answers.shape)} are not two or more (K, N, …) of {tuple(targets.shape)}"
        )
    a, x = in_double(answers), in_double(targets)
    error = float((a - x).square().mean())
    apart = 2 * float(a.var(dim=0, unbiased=True).mean())  # E (a − a′)² of independent answers
    return apart / error if error else math.nan
