"""A generator tuned around pictures: a mode of its own, as what comes out is another generator."""

from __future__ import annotations

import logging
from dataclasses import replace

import torch
from torch import Tensor

from gansmith.errors import GansmithError
from gansmith.generators.rest import at_rest
from gansmith.generators.trained import TrainedGenerator
from gansmith.latent.coordinates import Coordinates
from gansmith.latent.measures import Nearness
from gansmith.latent.space import Space
from gansmith.networks.copying import copy_of
from gansmith.streams import forked

log = logging.getLogger(__name__)

RATE = 1e-3  # of Adam on the weights
STAY, OTHERS = 1.0, 4  # weight and number of other samples that shall stay as they were, in each step


def tuned(coordinates: Coordinates, points: Tensor, pictures: Tensor, near: Nearness, steps: int) -> TrainedGenerator:
    """Return a copy of the generator whose samples of points are nearer to pictures; the points stay.

    Adam on its weights, min of mean distance(G(p), x) + E|G(p′) − G₀(p′)|², p′ points of other samples, G₀ the
    generator as it was. Roich, Mokady, Bermano, Cohen-Or 2021, "Pivotal tuning for latent-based editing of real
    images", arXiv 2106.05744.

    Args:
        coordinates: of the generator.
        points: (N, d) of `invert`.
        pictures: (N, C, H, W) in [−1, 1].
        near: measures of nearness.
        steps: of Adam.

    Raises:
        GansmithError: if there are no steps, or the generator cannot be copied.
    """
    if steps < 1:
        raise GansmithError(f"tune = {steps} must be at least 1 step")
    before = coordinates.space
    gan = replace(before.gan, generator=copy_of(before.gan.generator, "generator"), run=None, file=None, guide=None)
    network = Space(gan, before.name == "w").parts[1].requires_grad_(True)
    weights = [*network.parameters()]
    optimizer = torch.optim.Adam(weights, lr=RATE)
    x, p = pictures.to(coordinates.like.device).float(), points.to(coordinates.like)
    others = torch.split(before.drawn(OTHERS * steps, seed=2).to(coordinates.like), OTHERS)
    with forked(), at_rest(network), at_rest(coordinates.network), torch.enable_grad():
        with torch.no_grad():
            target = near.told(x)
        for other in others:
            with torch.no_grad():
                stay = coordinates.network(other)
            apart = near.apart(near.told(network(p).float()), target).mean()
            cost = apart + STAY * (network(other) - stay).square().mean()
            optimizer.zero_grad()
            torch.autograd.backward(cost, inputs=weights)
            optimizer.step()
    log.info("tuned the generator around %d pictures: it is another one now", len(pictures))
    gan.generator.requires_grad_(False)
    return gan
