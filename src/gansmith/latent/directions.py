"""What was learnt of a generator's attributes: everything that moves one of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from gansmith.errors import GansmithError, unknown
from gansmith.generators.trained import TrainedGenerator
from gansmith.latent.axes import Axes
from gansmith.latent.effects import Unsupervised
from gansmith.latent.predictor import Reader
from gansmith.latent.sliders import Sliders, slider_goal
from gansmith.latent.space import Space

TIED = 0.1  # attributes whose correlation in the data is at least that, either way, belong together
FARTHEST = 10.0  # standard deviations along an axis
PLAIN, ORTHOGONAL = "plain axes", "orthogonalised axes"
CONDITIONAL, QUICK = "conditional steering", "quick conditional steering"


@dataclass(frozen=True)
class Directions:
    """The attributes of a generator's samples, and how each of them is moved.

    Attributes:
        space: of the generator.
        sliders: move attributes from 0 to 100 while others are held, by the response, a quick imitation.
        axes: straight lines, by regression.
        orthogonal: the same with inner products of zero; None where points vary in too few directions for it.
        locked: attributes whose axes stayed as they were.
        ties: (A, A) correlations of the attributes in the data.
        differences: (A, d) mean of the generator's points that have an attribute − mean of those that have not.
        having: (A,) how many of the points that were looked at have it.
        unsupervised: directions that were found without labels.
        matrices: (A, A) by way of moving, what else moves; see `effects`.
        scores: (2, A) of the predictor: R², and the share that it told right of images it had not seen.
        about: what all of it was learnt from, as plain values.
        exact: the same by the predictor's own gradient, through the generator; None in files without predictors.
        path: of their file, if they have one.
    """

    space: Space
    sliders: Sliders
    axes: Axes
    orthogonal: Axes | None
    locked: tuple[str, ...]
    ties: Tensor
    differences: Tensor
    having: Tensor
    scores: Tensor
    unsupervised: tuple[Unsupervised, ...] = ()
    matrices: Mapping[str, Tensor] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)
    exact: Sliders | None = None
    path: Path | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Of the attributes."""
        return self.sliders.names

    @property
    def r2(self) -> Tensor:
        """(A,) how well the response tells logits of points that it had not seen, as R²."""
        r2 = self.sliders.response.r2
        assert isinstance(r2, Tensor)
        return r2

    def steered(
        self,
        sliders: Mapping[str, float] | None = None,
        hold: Sequence[str] | None = None,
        add: Sequence[str] = (),
        subtract: Sequence[str] = (),
        quick: bool = False,
    ) -> TrainedGenerator:
        """Return the generator whose samples are those of this one, moved: it draws, writes and is measured as any.

        Args:
            sliders: values by attribute: 0 is min(2nd percentile of the generator's own samples, the person's own
                value), 50 the person's own value, the picture bit for bit, 100 max(98th percentile, own value);
                between them linear in the predictor's logit.
            hold: attributes that must stay; by default all that are not moved, except those tied to one that is
                (correlated by 0.1 or more in the data). () holds none.
            add: attributes whose latent difference, mean of those with − mean of those without, is added first.
            subtract: attributes whose difference is taken away.
            quick: follow the response, in a twentieth of the time; what is asked for moves less, and all else more.
                Without predictors in their file there is nothing else to follow.

        Raises:
            GansmithError: if an attribute is unknown, moved and held, or not to be had, or a value outside [0, 100].
        """
        wanted, held = self.asked(sliders or {}, hold)
        chosen = self.sliders_of(quick)
        step = self._difference(self._known(add)) - self._difference(self._known(subtract))

        def move(points: Tensor) -> Tensor:
            there = (points.double() + step).float() if add or subtract else points
            return chosen.move(there, wanted, held)

        network = _Steered(self.space, move).eval()
        return replace(self.space.gan, generator=network, run=None, file=None, guide=None)

    def asked(
        self, sliders: Mapping[str, float], hold: Sequence[str] | None = None
    ) -> tuple[dict[str, float], list[str]]:
        """Return values by attribute, and the attributes that stay, of what was asked for; see `steered`."""
        wanted = self._wanted(sliders)
        held = self.held(list(wanted)) if hold is None else self._known(hold)
        for name in held:
            if name in wanted:
                raise GansmithError(f"hold: {name} is moved by a slider of its own: leave it out of one of the two")
        return wanted, held

    def held(self, moved: Sequence[str]) -> list[str]:
        """Return the attributes that stay by default while these are moved: all that are not tied to any of them."""
        rows = [self._index(name) for name in moved]
        free = (self.ties[rows].abs() >= TIED).any(dim=0)
        return [name for i, name in enumerate(self.names) if not free[i] and i not in rows]

    def sliders_of(self, quick: bool) -> Sliders:
        """Return the quick sliders, or those that follow the predictors where there are any."""
        return self.sliders if quick or self.exact is None else self.exact

    def move(self, points: Tensor, name: str, value: float, quick: bool = False) -> Tensor:
        """Return points (N, d) that one slider has moved, what is not tied to it held."""
        return self.sliders_of(quick).move(points, {name: value}, self.held([name]))

    def along(self, axes: Axes, points: Tensor, name: str, value: float) -> Tensor:
        """Return points (N, d) moved straight along an axis, as far as its own regression says a slider's value lies.

        t = (goal − logit) / slope, at most 10 standard deviations.
        """
        i = self._index(name)
        with torch.no_grad():
            own = self.sliders.response(self.sliders.whitening.whitened(points))[:, i]
        goal = slider_goal(value, own, self.sliders.low[i], self.sliders.high[i])
        slope = axes.slopes[i]
        far = (goal - own).double() / slope if slope.abs() > 0 else torch.zeros(len(points), dtype=torch.double)
        return axes.along(points, name, far.clamp(-FARTHEST, FARTHEST))

    @property
    def predictor(self) -> Reader | None:
        """Reads the attributes off pictures; None in files that come without it."""
        return None if self.exact is None else getattr(self.exact.response, "predictor", None)

    def _wanted(self, sliders: Mapping[str, float]) -> dict[str, float]:
        if not isinstance(sliders, Mapping):
            raise GansmithError(f"sliders: give a dict of values by attribute, not a {type(sliders).__name__}")
        for name, value in sliders.items():
            self._index(name)
            try:
                number = float(value)
            except (TypeError, ValueError):
                raise GansmithError(f"slider {name} = {value!r} is no number") from None
            if not (math.isfinite(number) and 0 <= number <= 100):
                raise GansmithError(f"slider {name} = {number:g} must be in [0, 100]; 50 leaves the person alone")
        return {name: float(value) for name, value in sliders.items()}

    def _known(self, names: Sequence[str]) -> list[str]:
        chosen = [names] if isinstance(names, str) else list(dict.fromkeys(names))
        for name in chosen:
            self._index(name)
        return chosen

    def _difference(self, names: Sequence[str]) -> Tensor:
        total = self.differences.new_zeros(self.differences.shape[1])
        for name in names:
            i, samples = self._index(name), self.about["samples"]
            if not 0 < int(self.having[i]) < samples:
                raise GansmithError(
                    f"{name}: {int(self.having[i]):,} of {samples:,} samples of this generator have it, and some must "
                    "and some not: move it by a slider"
                )
            total = total + self.differences[i]
        return total

    def _index(self, name: str) -> int:
        if name not in self.names:
            raise unknown("attribute", str(name), self.names)
        return self.names.index(name)


class _Steered(nn.Module):
    """(z, c) → samples of the points that these lead to, moved."""

    def __init__(self, space: Space, move: Any) -> None:
        super().__init__()
        self.to_points, self.to_samples = space.parts
        self.move = move

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        points: Tensor = self.to_points(z, c)
        plain = points.float().cpu()
        step = self.move(plain) - plain  # none where nothing moves: the same bits, whatever the dtype
        samples: Tensor = self.to_samples(points + step.to(points))
        return samples
