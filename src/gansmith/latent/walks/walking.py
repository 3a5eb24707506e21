"""Frames of walks: between samples, and without an end."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from gansmith.generators.latents import Latents
from gansmith.generators.request import ConditionRequest
from gansmith.generators.rest import maps_styles
from gansmith.generators.trained import TrainedGenerator
from gansmith.latent.walks.paths import endless, through


def between(
    gan: TrainedGenerator,
    seeds: Sequence[int],
    frames: int,
    closed: bool = False,
    truncation: float = 1.0,
    request: ConditionRequest | None = None,
) -> Tensor:
    """Return the samples (T, *shape) on the way from the first sample of one seed to that of the next.

    The noise goes along arcs, what samples are asked for along lines: see `through`.

    Args:
        gan: the generator.
        seeds: two at least.
        frames: from each to the next.
        closed: goes on from the last to the first.
        truncation: of noise or styles, as of samples.
        request: what all of them are asked for; by default each seed's own.
    """
    stops = gan.latents(seed=seeds, truncation=truncation, request=request)
    c = None if stops.c is None else through(stops.c, frames, closed, straight=True)
    return _made(gan, Latents(through(stops.z, frames, closed), c), truncation)


def around(
    gan: TrainedGenerator,
    frames: int,
    seed: int = 0,
    truncation: float = 1.0,
    request: ConditionRequest | None = None,
) -> Tensor:
    """Return the samples (frames, *shape) of a smooth closed walk whose every frame is a draw: see `endless`.

    Args:
        gan: the generator.
        frames: of one round.
        seed: of the walk.
        truncation: of styles; or the factor by which noise is scaled.
        request: what all frames are asked for; by default what the seed's first sample is.
    """
    z, c = endless(gan.prior, frames, seed), gan.latents(1, seed, request=request).c
    z = z if maps_styles(gan.generator) else z * truncation
    return _made(gan, Latents(z, None if c is None else c.expand(len(z), -1)), truncation)


def _made(gan: TrainedGenerator, latents: Latents, truncation: float) -> Tensor:
    return torch.cat(list(gan.make(latents, truncation=truncation)))
