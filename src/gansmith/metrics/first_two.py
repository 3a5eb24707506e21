"""How far the first two moments are off, in units of the data: what FID joins into one number, said apart."""

from __future__ import annotations

from typing import NamedTuple

from gansmith.metrics.accumulators import Moments


class MomentErrors(NamedTuple):
    """Distances of means and of standard deviations; on the line how far either is off."""

    mean_error: float
    """‖μ_r − μ_g‖."""
    sd_error: float
    """‖σ_r − σ_g‖, σ the standard deviations of the coordinates."""


def moment_errors(real: Moments, fake: Moments) -> MomentErrors:
    """Return how far apart the means and the standard deviations (D,) of two sets of samples are.

    >>> import torch
    >>> x = torch.tensor([[1.0], [3.0]])
    >>> moment_errors(Moments().update(x), Moments().update(2 * x)).mean_error
    2.0
    """
    sds = [moments.covariance.diagonal().sqrt() for moments in (real, fake)]
    return MomentErrors(float((real.mean - fake.mean).norm()), float((sds[0] - sds[1]).norm()))
