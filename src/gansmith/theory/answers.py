"""A question with two answers, both right: what is best to say if errors are squared, and what if an adversary judges.

The targets are −1 and 1, each half of the time, and nothing tells which. Densities are on the line.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from gansmith.theory.optimal import best_value

REACH, CELLS = 4.0, 4000


def squared_error(answers: Tensor) -> Tensor:
    """Return E (x − a)² = 1 + a² of answers a, (N,): least at 0, the mean, which is no target.

    >>> squared_error(torch.tensor([0.0, 1.0])).tolist()
    [1.0, 2.0]
    """
    return 1 + answers.square()


def adversary(answer: float, deviation: float = 0.1) -> float:
    """Return max_D V = 2 JS − log 4 of targets ½ N(−1, σ²) + ½ N(1, σ²) and the answer N(a, σ²).

    The blur σ of both makes it a smooth function of the answer a.
    """
    x = torch.linspace(-REACH, REACH, CELLS, dtype=torch.float64)
    cell = float(x[1] - x[0])
    p_r = (_normal(x, -1, deviation) + _normal(x, 1, deviation)) / 2
    return best_value(p_r, _normal(x, answer, deviation), cell)


def of_one_answer(targets: int) -> float:
    """Return JS of K equally likely targets and one of them alone, in nats; for two, ¾ log(4/3).

    JS = ½ (1/K log 2/(K + 1) + (K − 1)/K log 2 + log 2K/(K + 1)): 0 for one target, log 2 without end of them.

    >>> of_one_answer(1), round(of_one_answer(2), 4)
    (0.0, 0.2158)
    """
    k = targets
    return (math.log(2 / (k + 1)) / k + (k - 1) / k * math.log(2) + math.log(2 * k / (k + 1))) / 2


def _normal(x: Tensor, mean: float, deviation: float) -> Tensor:
    return torch.exp(-((x - mean) / deviation).square() / 2) / (deviation * math.sqrt(2 * math.pi))
