"""A person before and after: pictures, and what is told of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from gansmith.generators.rest import at_rest
from gansmith.generators.trained import TrainedGenerator
from gansmith.latent.directions import CONDITIONAL, Directions


class Moved(NamedTuple):
    """Somebody who was moved by sliders."""

    before: Tensor
    """(C, H, W) as drawn."""
    after: Tensor
    """(C, H, W) as moved; the same bits where every slider is at 50."""
    told_before: Tensor
    """(A,) probabilities of the attributes, read off the picture by a predictor; without one, by the response."""
    told_after: Tensor
    """(A,) the same of the moved one."""
    read: bool
    """Whether there was a predictor: the response steers, and what it holds it says has not moved."""


def moved(
    gan: TrainedGenerator,
    seed: int,
    sliders: Mapping[str, float],
    hold: Sequence[str] | None = None,
    truncation: float = 1.0,
    exact: bool = False,
) -> Moved:
    """Return the first sample of a seed, moved by sliders in [0, 100]; see `gansmith.latent.Directions.steered`.

    Raises:
        GansmithError: if there are no axes, an attribute is unknown or both moved and held, a value outside [0, 100].
    """
    found: Directions = gan.directions
    steered, space = found.steered(sliders, hold, exact=exact), found.space
    before, after = (one.sample(1, seed, truncation)[0] for one in (gan, steered))
    if found.predictor is not None:
        seen = found.predictor.logits(torch.stack([before, after])).sigmoid()
        return Moved(before, after, seen[0], seen[1], read=True)
    points = space.points(gan.latents(1, seed, truncation), truncation if space.name == "w" else 1.0)
    held = found.held([*sliders]) if hold is None else hold
    both = torch.cat([points, found.sliders.move(points, sliders, held)])
    response = found.sliders.response
    with at_rest(response), torch.no_grad():
        told = torch.sigmoid(response(found.sliders.whitening.whitened(both)))
    return Moved(before, after, told[0], told[1], read=False)


def usual_effects(found: Directions, names: Sequence[str]) -> Tensor:
    """Return how much each attribute changed on average over people when one of these was moved from 10 to 90, (A,).

    As the predictor saw it in their pictures, in probability; the largest over the names, 0 without any.
    """
    matrix = found.matrices.get(CONDITIONAL)
    rows = [found.names.index(name) for name in names]
    if matrix is None or not rows:
        return torch.zeros(len(found.names))
    return matrix[rows].abs().amax(dim=0).float()
