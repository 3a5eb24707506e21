"""Who judges what is real while a picture is edited."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from gansmith.errors import GansmithError
from gansmith.generators.rest import at_rest
from gansmith.generators.trained import TrainedGenerator

Judge = Callable[[Tensor], Tensor]
"""Pictures (N, C, H, W) → logits (N,), higher = more real."""


def judge_of(gan: TrainedGenerator) -> Judge | None:
    """Return the discriminator of a generator as a judge; None where there is none, or it judges no picture alone."""
    try:
        network = gan.discriminator
        probe = torch.zeros(2, *gan.shape).to(next(network.parameters()))
        with torch.no_grad(), at_rest(network):
            seen = network(probe)
    except (GansmithError, TypeError, RuntimeError, ValueError):
        return None
    if len(getattr(seen, "logits", seen)) != len(probe):
        return None

    def judge(x: Tensor) -> Tensor:
        with at_rest(network):
            seen = network(x)
        logits: Tensor = getattr(seen, "logits", seen)
        return logits.reshape(len(x))

    return judge
