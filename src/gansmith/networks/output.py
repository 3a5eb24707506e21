"""What a discriminator returns."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor


class DiscriminatorOutput(NamedTuple):
    """Logits, and the features behind them.

    A discriminator may return plain scores or a `DiscriminatorOutput`; all of ours return the latter.
    """

    logits: Tensor
    """(N,) logits; higher = more real."""
    features: Tensor | None = None
    """(N, F) what the last layer sees, if the network tells."""
