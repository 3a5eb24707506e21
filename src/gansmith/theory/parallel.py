"""Two parallel lines: why a distance should see how far apart two distributions are."""

from __future__ import annotations

from typing import NamedTuple

import torch

from gansmith.theory.divergences import js, kl, total_variation
from gansmith.theory.transport import optimal_plan, plan_cost


class Divergences(NamedTuple):
    """What four measures say about one pair of distributions."""

    kl: float
    js: float
    total_variation: float
    wasserstein: float


def parallel_lines(theta: float, points: int = 16) -> Divergences:
    """Return KL, JS, TV and W₁ of (0, Z) and (θ, Z), Z ~ U[0, 1]: two parallel segments in the plane.

    KL = ∞, JS = log 2 and TV = 1 for every θ ≠ 0, and 0 at θ = 0; W₁ = |θ|: only the last one tells a generator where
    to go. Nothing of this is put in: Z is taken at evenly spaced points and all four are computed.

    Arjovsky, Chintala, Bottou 2017, "Wasserstein GAN", arXiv 1701.07875, example 1.

    >>> parallel_lines(0.5)
    Divergences(kl=inf, js=0.693147..., total_variation=1.0, wasserstein=0.5)
    """
    z = (torch.arange(points, dtype=torch.float64) + 0.5) / points
    zero = torch.stack([torch.zeros(points, dtype=torch.float64), z], dim=1)
    moved = torch.stack([torch.full((points,), theta, dtype=torch.float64), z], dim=1)
    places, where = torch.unique(torch.cat([zero, moved]), dim=0, return_inverse=True)
    p, q = (torch.bincount(half, minlength=len(places)).double() / points for half in where.chunk(2))
    cost = torch.cdist(places, places, compute_mode="donot_use_mm_for_euclid_dist")
    return Divergences(kl(p, q), js(p, q), total_variation(p, q), plan_cost(optimal_plan(p, q, cost), p, q, cost))
