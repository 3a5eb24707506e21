"""How the networks of this room learn, and how well they tell what they have not seen."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn


def fit(network: nn.Module, count: int, loss: Callable[[Tensor], Tensor], shown: int, batch: int, rate: float) -> None:
    """Train a network by AdamW, its rate up to `rate` and down again (one cycle).

    Args:
        count: samples there are.
        loss: of the samples of some indices.
        shown: samples in all; one epoch at least.
        batch: samples at a time.
    """
    epochs = max(1, round(shown / count))
    batches = [part for _ in range(epochs) for part in torch.split(torch.randperm(count), batch) if len(part) > 1]
    optimizer = torch.optim.AdamW(network.parameters(), lr=rate, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=len(batches) + 1)
    network.train()
    with torch.enable_grad():
        for index in batches:
            optimizer.zero_grad()
            torch.autograd.backward(loss(index))
            optimizer.step()
            schedule.step()
    network.eval()


def explained(told: Tensor, true: Tensor) -> Tensor:
    """Return R² = 1 − Σ (told − true)² / Σ (true − mean)² of each column of (N, A); NaN where all true ones are alike.

    >>> explained(torch.tensor([[1.0], [2.0], [4.0]]), torch.tensor([[1.0], [2.0], [3.0]]))
    tensor([0.5000], dtype=torch.float64)
    """
    told, true = told.double(), true.double()
    spread = (true - true.mean(dim=0)).square().sum(dim=0)
    r2 = 1 - (told - true).square().sum(dim=0) / spread
    return torch.where(spread > 0, r2, float("nan"))


def held_out(count: int, most: int) -> int:
    """Return how many of so many samples are not learnt from: a tenth, or the most."""
    return min(most, max(1, count // 10))
