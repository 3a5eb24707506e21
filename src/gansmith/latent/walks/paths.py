"""Ways through noise and through points of a latent space."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from gansmith.data.dataset import randomness
from gansmith.errors import GansmithError
from gansmith.generators.prior import Prior

WAVES = 2  # of which an endless walk is made: the fastest turns twice a round
STRAIGHT = 1e-4  # of an angle, below which a circle's arc is a line


def spherical(a: Tensor, b: Tensor, share: Tensor) -> Tensor:
    """Return points (T, d) on the arc from a to b: (sin((1 − t) θ) a + sin(t θ) b) / sin θ, θ the angle between them.

    White 2016, "Sampling generative networks", arXiv 1609.04468: normal noise of many dimensions lies near a sphere,
    and the middle of a straight line between two of its points does not. Where the angle is hardly any, or nearly π, so
    that no arc is the shortest, it is the straight line.

    Args:
        a, b: (d,).
        share: (T,) t in [0, 1].
    """
    cosine = torch.dot(a, b) / (a.norm() * b.norm()).clamp(min=1e-12)
    angle = float(cosine.clamp(-1, 1).acos())
    t = share[:, None]
    if angle < STRAIGHT or math.pi - angle < STRAIGHT:
        return torch.lerp(a.expand(len(t), -1), b.expand(len(t), -1), t)
    return (torch.sin((1 - t) * angle) * a + torch.sin(t * angle) * b) / math.sin(angle)


def through(stops: Tensor, frames: int, closed: bool = False, straight: bool = False) -> Tensor:
    """Return a walk (T, d) from stop to stop (N, d), `frames` from each to the next.

    Args:
        stops: two at least; each is met in one frame.
        frames: from one stop to the next.
        closed: goes on from the last to the first, so that the walk can be shown over and over.
        straight: along lines instead of arcs, for points that lie on no sphere, such as styles.

    Raises:
        GansmithError: if there are fewer than two stops, or no frames.
    """
    if len(stops) < 2 or frames < 1:
        raise GansmithError(f"walk: {len(stops)} stops with {frames} frames each are no walk: two stops are the least")
    share = torch.arange(frames, dtype=stops.dtype) / frames
    nexts = stops.roll(-1, dims=0) if closed else stops[1:]
    pairs = zip(stops, nexts, strict=False)
    parts = [torch.lerp(a[None], b[None], share[:, None]) if straight else spherical(a, b, share) for a, b in pairs]
    return torch.cat(parts if closed else [*parts, stops[-1:]])


def endless(prior: Prior, frames: int, seed: int = 0, waves: int = WAVES) -> Tensor:
    """Return noise (frames, latent) along a smooth closed walk whose every frame is a draw from the prior.

    z(t) = Σₖ (aₖ cos 2πkt + bₖ sin 2πkt)/√K with normal aₖ, bₖ: a normal process with a covariance that depends on the
    way between two frames alone, so each z(t) ~ N(0, 1). Uniform noise is 2 Φ(z) − 1 of it.

    Args:
        prior: what samples are made from.
        frames: of one round.
        seed: of the walk.
        waves: K; more of them turn faster.
    """
    if frames < 2 or waves < 1:
        raise GansmithError(f"walk: {frames} frames of {waves} waves are no walk: two frames and a wave are the least")
    rng = randomness(seed, "walk", 0)
    a, b = torch.randn(2, waves, prior.latent, generator=rng, dtype=torch.double)
    turn = 2 * math.pi * torch.arange(1, waves + 1, dtype=torch.double) * torch.arange(frames)[:, None] / frames
    z = (turn.cos() @ a + turn.sin() @ b) / math.sqrt(waves)
    if prior.noise == "uniform":
        z = 2 * torch.special.ndtr(z) - 1
    walk: Tensor = (z * prior.noise_scale).float()
    return walk
