"""Going down a cost of pictures in whitened coordinates."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

RATE, BETAS = 0.1, (0.9, 0.99)  # of Adam; coordinates have standard deviation 1


class Descent:
    """Adam on coordinates u (N, r), each row of its own: the gradient of a sum over rows is each row's gradient.

    Its rate falls to zero along a half cosine over `steps`, so that it ends at rest; without `steps` it stays. Kingma,
    Ba 2015, "Adam: a method for stochastic optimization", arXiv 1412.6980.

    Attributes:
        u: (N, r) where it is now.
    """

    def __init__(self, start: Tensor, rate: float = RATE, steps: int | None = None) -> None:
        self.u = start.detach().clone().requires_grad_(True)
        self.optimizer = torch.optim.Adam([self.u], lr=rate, betas=BETAS)
        self.schedule = None if steps is None else torch.optim.lr_scheduler.CosineAnnealingLR(self.optimizer, steps)

    def step(self, cost: Callable[[Tensor], Tensor]) -> Tensor:
        """Take one step down costs (N,) of coordinates, and return what they were before it, without a graph."""
        with torch.enable_grad():
            costs = cost(self.u)
            torch.autograd.backward(costs.sum(), inputs=[self.u])
        assert self.u.grad is not None
        self.u.grad.nan_to_num_(0.0, 0.0, 0.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        if self.schedule is not None:
            self.schedule.step()
        return costs.detach()
