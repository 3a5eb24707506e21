"""What a discriminator says about a batch."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor


class Judgement(NamedTuple):
    """A discriminator's verdict.

    A discriminator may return plain scores or a `Judgement`; all of ours return the latter.
    """

    score: Tensor
    """(N,) logits; higher = more real."""
    features: Tensor | None = None
    """(N, F) what the last layer sees, if the network tells."""
