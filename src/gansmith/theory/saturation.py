"""What pulls a generator, and how strongly: its costs and their slopes as functions of D(G(z)), in closed form.

The minimax slope −D dies where D is sure of its fakes, the non-saturating one tends to −1, and the least squares one
grows with the distance from 1, on either side.

Goodfellow et al. 2014, arXiv 1406.2661, section 3; Mao et al. 2017, arXiv 1611.04076, section 3.

>>> d = torch.tensor(0.01)
>>> {name: (round(pull.cost(d).item(), 5), round(pull.by_score(d).item(), 2)) for name, pull in PULLS.items()}
{'minimax': (-0.01005, -0.01), 'nonsaturating': (4.60517, -0.99), 'least-squares': (0.49005, -0.99)}
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Pull:
    """A generator's cost of one sample and its slopes, all functions of d = D(G(z)).

    The slope by the score is what reaches the generator, since dcost/dθ = dcost/dscore · dscore/dx · dx/dθ.
    """

    cost: Callable[[Tensor], Tensor]
    by_d: Callable[[Tensor], Tensor]
    """dcost/dD."""
    by_score: Callable[[Tensor], Tensor]
    """dcost/dscore."""


PULLS: dict[str, Pull] = {
    "minimax": Pull(lambda d: torch.log1p(-d), lambda d: -1 / (1 - d), lambda d: -d),
    "nonsaturating": Pull(lambda d: -torch.log(d), lambda d: -1 / d, lambda d: d - 1),
    "least-squares": Pull(lambda d: (d - 1).square() / 2, lambda d: d - 1, lambda d: d - 1),
}
"""D = σ(score), whose slope D (1 − D) takes `by_d` to `by_score`; in least squares D is the score itself."""
