"""A person before and after: pictures, and what is read off both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import torch
from torch import Tensor

from gansmith.generators.rest import at_rest
from gansmith.generators.trained import TrainedGenerator
from gansmith.latent.directions import CONDITIONAL, Directions
from gansmith.latent.sliders import Moving


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


class Person:
    """The first sample of a seed, whom sliders in [0, 100] move, a step at a time; see `Directions.steered`.

    Args:
        gan: a generator with axes.
        seed: of the sample.
        sliders: values by attribute.
        hold: attributes that must stay.
        truncation: of the sample, in (0, 1].
        at: the same person, whom other sliders have moved; by default the way begins at the sample.

    Raises:
        GansmithError: if there are no axes, an attribute is unknown or both moved and held, a value outside [0, 100].
    """

    def __init__(
        self,
        gan: TrainedGenerator,
        seed: int,
        sliders: Mapping[str, float],
        hold: Sequence[str] | None = None,
        truncation: float = 1.0,
        at: Person | None = None,
    ) -> None:
        self.directions: Directions = gan.directions
        space = self.directions.space
        self.start = space.points(gan.latents(1, seed, truncation), truncation if space.name == "w" else 1.0)
        wanted, held = self.directions.asked(sliders, hold)
        now = None if at is None else at._moving.whitened
        if at is not None and torch.equal(at.start, self.start):
            vars(self).update(_before=at._before, _told=at._told)
        self._moving: Moving = self.directions.sliders_of(quick=False).moving(self.start, wanted, held, now)

    @property
    def left(self) -> int:
        """Steps still to be taken at most."""
        return self._moving.left

    @property
    def points(self) -> Tensor:
        """(1, d), as they are."""
        return self._moving.points

    def step(self) -> None:
        """Take a step."""
        self._moving.step()

    def prepare(self) -> bool:
        """Compute beforehand what the next step from here needs, whatever sliders ask for it.

        Return whether there was anything to be done. The step then takes as long as its picture.
        """
        return self._moving.prepare()

    def now(self) -> Moved:
        """Return the person as drawn, and as moved so far."""
        still = torch.equal(self.points, self.start)
        after = self._before if still else self.directions.space.images(self.points)
        told = self._told if still else self._read(self.points, after)
        return Moved(self._before[0], after[0], self._told, told, self.directions.predictor is not None)

    @cached_property
    def _before(self) -> Tensor:
        return self.directions.space.images(self.start)

    @cached_property
    def _told(self) -> Tensor:
        return self._read(self.start, self._before)

    def _read(self, points: Tensor, picture: Tensor) -> Tensor:
        """Return the probabilities of the attributes, (A,)."""
        if self.directions.predictor is not None:
            return self.directions.predictor.logits(picture).sigmoid()[0]
        response = self.directions.sliders.response
        with at_rest(response), torch.no_grad():
            told: Tensor = torch.sigmoid(response(self.directions.sliders.whitening.whitened(points)))
        return told[0]


def usual_effects(found: Directions, names: Sequence[str]) -> Tensor:
    """Return how much each attribute changed on average over people when one of these was moved from 10 to 90, (A,).

    As the predictor saw it in their pictures, in probability; the largest over the names, 0 without any.
    """
    matrix = found.matrices.get(CONDITIONAL)
    rows = [found.names.index(name) for name in names]
    if matrix is None or not rows:
        return torch.zeros(len(found.names))
    return matrix[rows].abs().amax(dim=0).float()
