"""How far samples are from what they were made from, as plain functions."""

from __future__ import annotations

from torch import Tensor


def squared_error(x: Tensor, again: Tensor) -> Tensor:
    """Return E ‖x − x̂‖², summed over the numbers of a sample.

    Args:
        x, again: (N, ...).

    >>> import torch
    >>> squared_error(torch.zeros(2, 3), torch.ones(2, 3)).item()
    3.0
    """
    return (x - again).square().flatten(1).sum(1).mean()
