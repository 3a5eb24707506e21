"""The nearest picture that a generator can make to what a user asks for, a step at a time or at once."""

from __future__ import annotations

import time
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, softplus

from gansmith.errors import GansmithError
from gansmith.generators.rest import at_rest
from gansmith.generators.trained import TrainedGenerator
from gansmith.latent.coordinates import Coordinates
from gansmith.latent.descent import Descent
from gansmith.latent.editing.constraints import Constraints, slopes, widened
from gansmith.latent.editing.judge import Judge
from gansmith.latent.editing.weights import USUAL, Weights
from gansmith.latent.space import Space
from gansmith.streams import forked

PAIRS = 32  # random pairs of samples, whose mean difference is 1
AROUND = 2  # pixels around strokes that are free to change
CANDIDATES = 500  # of the generator's own samples, the nearest of which are starts as well
AHEAD = 1 / 6  # of all steps, after which the best of several starts is kept
LEAST = 0.02  # of an error at the start: what is painted in the colours that are there asks for next to nothing


class Edit(NamedTuple):
    """What an edit made, on the CPU."""

    points: Tensor
    """(2, d): before and after."""
    before: Tensor
    """(C, H, W) sample."""
    after: Tensor
    """(C, H, W) sample."""
    fallen: dict[str, float]
    """By which share the error of strokes, and that of edges, has fallen; 1 if nothing is left of it."""
    elsewhere: float
    """Root of the mean squared change where nothing is painted, of that between random samples."""
    steps: int
    seconds: float


class Editing:
    """An edit under way: each `step` brings the picture nearer to the constraints, which may change meanwhile.

    Costs: λₛ E(x)/E(x₀) + λₑ E'(x)/E'(x₀) + λₖ Σ k|x − x₀|²/Σk, with E = Σ α|x − s|²/Σα of strokes and
    E' = Σ m|∇b(x) − ∇b(s)|²/Σm of edges, + the realism, the way from the start and the prior of `Weights`.

    Zhu, Krähenbühl, Shechtman, Efros 2016, "Generative visual manipulation on the natural image manifold", arXiv
    1609.03552, sections 3.2 and 4.

    Args:
        coordinates: of the generator.
        point: (1, d) where it starts.
        constraints: what is painted.
        weights: how much each counts.
        judge: of what is real; without one realism is the prior's alone.
        steps: after which it rests; without them it goes on as long as it is asked.
    """

    def __init__(
        self,
        coordinates: Coordinates,
        point: Tensor,
        constraints: Constraints,
        weights: Weights = USUAL,
        judge: Judge | None = None,
        steps: int | None = None,
    ) -> None:
        if point.shape != (1, coordinates.space.size):
            raise GansmithError(f"edit: a point of shape {tuple(point.shape)} is not (1, {coordinates.space.size})")
        self.coordinates, self.weights, self.judge = coordinates, weights, judge
        self.start = coordinates.of(point)
        self.asked = coordinates.conditions(self.start)
        self.steps, self.way = steps, Descent(self.start, weights.rate, steps)
        with torch.no_grad(), at_rest(coordinates.network):
            self.before = coordinates.pictures(self.start, self.asked)[0]
            self.usual = usual_differences(coordinates)
            self.ordinary = coordinates.strangeness(self.start).clamp(min=1)
        self.constrain(constraints)

    def constrain(self, constraints: Constraints) -> None:
        """Go on with other constraints from where it is."""
        shape = tuple(self.before.shape)
        for name in ("strokes", "edges"):
            layer = getattr(constraints, name)
            if layer is not None and (tuple(layer.colours.shape), tuple(layer.opaque.shape)) != (shape, shape[1:]):
                raise GansmithError(f"edit: {name} of {tuple(layer.colours.shape)} are not of the picture's {shape}")
        if constraints.keep is not None and tuple(constraints.keep.shape) != shape[1:]:
            raise GansmithError(f"edit: a mask of {tuple(constraints.keep.shape)} is not of the picture's {shape[1:]}")
        self.constraints = constraints
        free = widened(constraints.touched(self.before), AROUND)
        self.around = (1 - free).clamp(min=0)
        self.sketched = None if constraints.edges is None else constraints.edges.over(self.before)
        self.first = {name: error.clamp(min=LEAST) for name, error in self.errors(self.before).items()}

    def step(self) -> None:
        """Take one step."""
        with forked(), at_rest(self.coordinates.network):
            self.way.step(self._costs)

    def look_ahead(self, steps: int) -> None:
        """Take some steps from where it is and from samples that are near to what is asked, and keep the best way.

        A descent changes what is there and seldom what it is: a bar beside a 1 makes a thick 1, where the nearest 7 is
        a short way from other 7s.
        """
        with forked(), at_rest(self.coordinates.network):
            whole = torch.cat([self.way.u.detach(), self._near(self.weights.starts - 1)])
            ahead = Descent(whole, self.weights.rate)
            for _ in range(steps):
                ahead.step(self._costs)
            with torch.no_grad():
                best = int(self._costs(ahead.u).argmin())
        self.way = Descent(ahead.u[best : best + 1], self.weights.rate, self.steps and max(1, self.steps - steps))

    @torch.no_grad()
    def picture(self) -> Tensor:
        """Return the picture (C, H, W) as it is now."""
        with at_rest(self.coordinates.network):
            return self.coordinates.pictures(self.way.u, self.asked)[0]

    @property
    def point(self) -> Tensor:
        """(1, d) where it is now, on the CPU."""
        return self.coordinates.points(self.way.u.detach(), self.asked).float().cpu()

    def errors(self, x: Tensor) -> dict[str, Tensor]:
        """Return how far pictures (…, C, H, W) are from strokes and from edges, (…); 1 between random samples."""
        found, constraints = {}, self.constraints
        if constraints.strokes is not None:
            apart = (x - constraints.strokes.colours.to(x)).square().mean(dim=-3)
            found["strokes"] = _mean(apart, constraints.strokes.opaque.to(x)) / self.usual[0]
        if constraints.edges is not None and self.sketched is not None:
            apart = (coarse(slopes(x)) - coarse(slopes(self.sketched))).square().sum(dim=-3)
            where = coarse(widened(constraints.edges.opaque.to(x), AROUND)[None])[0]
            found["edges"] = _mean(apart, where) / self.usual[1]
        return found

    def fallen(self, x: Tensor) -> dict[str, float]:
        """Return by which share the errors of a picture have fallen since the start."""
        return {name: 1 - float(error / self.first[name]) for name, error in self.errors(x).items()}

    def _costs(self, u: Tensor) -> Tensor:
        """Return the costs (N,) of coordinates."""
        x, w = self._pictures(u), self.weights
        total = self._painted(x)
        if self.judge is not None and w.realism:
            total = total + w.realism * softplus(-self.judge(x)).reshape(len(x), -1).mean(dim=1)
        ways = w.close * (u - self.start).square().mean(dim=1) + w.prior * u.square().mean(dim=1)
        return total + ways + w.strange * (self.coordinates.strangeness(u) / self.ordinary).clamp(min=1).log()

    def _painted(self, x: Tensor) -> Tensor:
        """Return what of the costs (N,) is of pictures, but realism."""
        apart, w = (x - self.before).square().mean(dim=1) / self.usual[0], self.weights
        total = w.around * _mean(apart, self.around)
        for name, error in self.errors(x).items():
            total = total + getattr(w, name) * error / self.first[name]
        if self.constraints.keep is not None:
            total = total + w.keep * _mean(apart, self.constraints.keep.to(x))
        return total

    @torch.no_grad()
    def _near(self, count: int) -> Tensor:
        """Return the coordinates (count, r) of own samples that cost least by what is painted."""
        u, x = self.coordinates.examples(CANDIDATES)
        if self.asked is not None:
            x = torch.cat([self._pictures(part) for part in torch.split(u, PAIRS)])
        costs = torch.cat([self._painted(part) for part in torch.split(x, PAIRS)])
        return u[costs.argsort()[:count]]

    def _pictures(self, u: Tensor) -> Tensor:
        asked = None if self.asked is None else self.asked.expand(len(u), -1)
        return self.coordinates.pictures(u, asked)

    def elsewhere(self, x: Tensor) -> float:
        """Return how far a picture moved where nothing is painted, as a share of what random samples do there."""
        apart = (x - self.before).square().mean(dim=0)
        return float((_mean(apart, self.around) / self.usual[0]).sqrt())


def edit(
    gan: TrainedGenerator | Coordinates,
    point: Tensor,
    constraints: Constraints,
    weights: Weights = USUAL,
    judge: Judge | None = None,
) -> Edit:
    """Return the nearest picture that a generator can make to what is painted, from a point on; see `Editing`.

    Args:
        gan: the generator, or the coordinates of one of its spaces.
        point: (1, d) of a sample, or of an inverted picture.
        constraints: strokes, edges, and what shall stay.
        weights: how much each counts, and how many steps are taken.
        judge: of what is real, see `judge_of`.

    Raises:
        GansmithError: if nothing is asked for, or something is of another size than the samples.
    """
    coordinates = gan if isinstance(gan, Coordinates) else Coordinates(Space(gan))
    if not constraints:
        raise GansmithError("edit: nothing is asked for: give strokes or edges")
    begun = time.perf_counter()
    editing = Editing(coordinates, point, constraints, weights, judge, weights.steps)
    ahead = round(AHEAD * weights.steps) if weights.starts > 1 else 0
    if ahead:
        editing.look_ahead(ahead)
    for _ in range(weights.steps - ahead):
        editing.step()
    after = editing.picture()
    return Edit(
        points=torch.cat([point.float().cpu(), editing.point]),
        before=editing.before.cpu(),
        after=after.cpu(),
        fallen=editing.fallen(after),
        elsewhere=editing.elsewhere(after),
        steps=weights.steps,
        seconds=time.perf_counter() - begun,
    )


def usual_differences(coordinates: Coordinates) -> tuple[Tensor, Tensor]:
    """Return mean squared differences of colour, and of slopes of brightness, between random samples."""
    _, x = coordinates.examples(2 * PAIRS)
    a, b = x[:PAIRS], x[PAIRS:]
    colour, slope = (a - b).square().mean(), coarse(slopes(a) - slopes(b)).square().sum(dim=1).mean()
    return colour.clamp(min=1e-12), slope.clamp(min=1e-12)


def coarse(x: Tensor) -> Tensor:
    """Return maps (…, K, H, W) at half their size: an edge that is sketched a pixel off is met as well."""
    return avg_pool2d(x, 2) if min(x.shape[-2:]) >= 4 else x


def _mean(values: Tensor, weight: Tensor) -> Tensor:
    return (values * weight).sum(dim=(-2, -1)) / weight.sum().clamp(min=1e-6)
