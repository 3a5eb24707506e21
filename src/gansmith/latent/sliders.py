"""Sliders from 0 to 100: what each asks for, and people moved by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gansmith.errors import GansmithError, unknown
from gansmith.generators.rest import at_rest
from gansmith.latent.steering import USUAL, Steering, Steps
from gansmith.latent.whitening import Whitening

REACH = (0.02, 0.98)  # quantiles of the generator's own samples between which sliders move


def slider_goal(value: float | Tensor, own: Tensor, low: float | Tensor, high: float | Tensor) -> Tensor:
    """Return the logits that a slider asks for, (N,): linear from 0 to 50 and from 50 to 100.

    0 is min(low, own), 50 is own, the same bits, and 100 is max(high, own).

    Args:
        value: of the slider, one for all or (N,).
        own: (N,) logit of each person.
        low: 2nd percentile of the logit over the generator's own samples.
        high: 98th percentile.

    Raises:
        GansmithError: if a value is outside [0, 100].

    >>> [slider_goal(v, torch.tensor([1.0]), -3.0, 3.0).item() for v in (0, 25, 50, 100)]
    [-3.0, -1.0, 1.0, 3.0]
    """
    v = torch.as_tensor(value, dtype=own.dtype)
    if not ((v >= 0) & (v <= 100)).all():
        shown = f"{float(v):g}" if v.dim() == 0 else v.tolist()
        raise GansmithError(f"slider = {shown} must be in [0, 100]; 50 leaves the person alone")
    lowest = torch.minimum(torch.as_tensor(low, dtype=own.dtype), own)
    highest = torch.maximum(torch.as_tensor(high, dtype=own.dtype), own)
    part = v / 50
    below = torch.lerp(lowest, own, part.clamp(max=1).expand_as(own))
    return torch.where(part < 1, below, torch.lerp(own, highest, (part - 1).clamp(min=0).expand_as(own)))


def logit_range(logits: Tensor) -> tuple[Tensor, Tensor]:
    """Return the 2nd and the 98th percentile, (A,) each, of logits (N, A)."""
    low, high = (torch.stack([column.quantile(q) for column in logits.T]) for q in REACH)
    return low, high


class Moving:
    """People on their way to what sliders ask for, a step at a time.

    Args:
        whitening: of the points.
        points: (N, d) where they start.
        steering: of the whitened points.
    """

    def __init__(self, whitening: Whitening, points: Tensor, steering: Steering) -> None:
        self._whitening, self._start, self._steering = whitening, points, steering

    @property
    def left(self) -> int:
        """Steps still to be taken at most, 0 once everybody is there."""
        return self._steering.left

    @property
    def points(self) -> Tensor:
        """(N, d) float32, as they are."""
        return self._whitening.moved(self._start, self._steering.now - self._steering.start)

    @property
    def whitened(self) -> Tensor:
        """(N, r) float32, as they are, in whitened units."""
        return self._steering.now

    def step(self) -> None:
        """Take a step."""
        self._steering.step()

    def prepare(self) -> bool:
        """Compute beforehand what a step from here needs, see `Steering.prepare`."""
        return self._steering.prepare()


@dataclass(frozen=True)
class Sliders:
    """Everything that it takes to move people by sliders.

    Attributes:
        names: of the A attributes.
        response: whitened points (N, r) → logits (N, A), see `fit_response`.
        whitening: of the points.
        low: (A,) 2nd percentile of the logits of the generator's own samples, as the response tells them.
        high: (A,) 98th percentile.
        steps: of `Steering`.
    """

    names: tuple[str, ...]
    response: nn.Module
    whitening: Whitening
    low: Tensor
    high: Tensor
    steps: Steps = USUAL

    @classmethod
    def of(cls, names: Sequence[str], response: nn.Module, whitening: Whitening, points: Tensor) -> Sliders:
        """Return sliders that reach as far as these points (N, d), the generator's own, do."""
        with at_rest(response), torch.no_grad():
            low, high = logit_range(response(whitening.whitened(points)))
        return cls(tuple(names), response, whitening, low, high)

    def move(self, points: Tensor, sliders: Mapping[str, float | Tensor], hold: Sequence[str] = ()) -> Tensor:
        """Return points (N, d) float32 that have what the sliders ask for and keep what is held: all of `moving`."""
        moving = self.moving(points, sliders, hold)
        while moving.left:
            moving.step()
        return moving.points

    def moving(
        self,
        points: Tensor,
        sliders: Mapping[str, float | Tensor],
        hold: Sequence[str] = (),
        at: Tensor | None = None,
    ) -> Moving:
        """Return people on their way to what the sliders ask for, what is held kept; see `Steering`.

        Where all sliders are at 50 the points stay the same bits, and so do their pictures.

        Args:
            points: (N, d) of people.
            sliders: values in [0, 100] by attribute, one for all people or (N,); see `slider_goal`.
            hold: attributes that must stay.
            at: (N, r) `Moving.whitened` of these people where other sliders have led them; by default they are at
                `points`.

        Raises:
            GansmithError: if an attribute is unknown or both moved and held, or a value is outside [0, 100].
        """
        targets, held = ([self._column(name) for name in each] for each in (sliders, dict.fromkeys(hold)))
        u = self.whitening.whitened(points)
        with at_rest(self.response), torch.no_grad():
            own = self.response(u)
        goals = [
            slider_goal(value, own[:, i], self.low[i], self.high[i])
            for i, value in zip(targets, sliders.values(), strict=True)
        ]
        goal = torch.stack(goals, dim=1) if goals else own[:, :0]
        return Moving(self.whitening, points, Steering(self.response, u, targets, goal, held, self.steps, at))

    def _column(self, name: str) -> int:
        if name not in self.names:
            raise unknown("attribute", name, self.names)
        return self.names.index(name)
