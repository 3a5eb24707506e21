"""The noise that leads to points of a latent space."""

from __future__ import annotations

import torch
from torch import Tensor

from gansmith.generators.latents import Latents
from gansmith.generators.rest import at_rest
from gansmith.latent.descent import Descent
from gansmith.latent.space import Space

CANDIDATES, STEPS, RATE = 2000, 100, 0.1  # own samples among which the start is, then steps of Adam
PRIOR = 1e-3  # of |z|² beside the squared distance in standard deviations


def noise_of(space: Space, points: Tensor) -> Latents:
    """Return noise (N, latent), and conditions, of points (N, d): their own, or of w those that lead nearest.

    min over z of |u(f(z)) − u(w)|²/r + 0.001 |z|²/latent from the nearest of 2,000 own samples, whose condition, if
    there are any, is kept. A style that no noise leads to stays some way off.
    """
    gan = space.gan
    if space.name == "z":
        z, told = torch.split(points, [gan.prior.latent, gan.condition.size], dim=1)
        return Latents(z.contiguous(), told.contiguous() if gan.condition.size else None)
    mapping, whitening = space.parts[0], space.whitening
    drawn = gan.latents(CANDIDATES)
    goal = whitening.whitened(points)
    near = torch.cdist(goal, whitening.whitened(space.points(drawn))).argmin(dim=1)
    like = next(mapping.parameters())
    c = None if drawn.c is None else drawn.c[near]
    root = (whitening.mean.to(like), whitening.inverse.to(like))
    goal, scale = goal.to(like), gan.prior.noise_scale

    def cost(z: Tensor) -> Tensor:
        inputs = (z * scale,) if c is None else (z * scale, c.to(like))
        u = (mapping(*inputs) - root[0]) @ root[1]
        costs: Tensor = (u - goal).square().mean(dim=1) + PRIOR * z.square().mean(dim=1)
        return costs

    with at_rest(mapping):
        way = Descent(drawn.z[near].to(like) / scale, RATE, STEPS)
        for _ in range(STEPS):
            way.step(cost)
    return Latents((way.u.detach() * scale).float().cpu(), c)
