"""One coordinate at a time: pictures of what it moves, and how far each attribute goes."""

from __future__ import annotations

from typing import Literal, NamedTuple

import torch
from torch import Tensor

from gansmith.errors import GansmithError
from gansmith.generators.latents import Latents
from gansmith.generators.rest import at_rest
from gansmith.generators.trained import TrainedGenerator
from gansmith.latent.directions import Directions
from gansmith.latent.space import Space
from gansmith.latent.walks.disentangled import Disentangled, disentangled

Which = Literal["z", "w", "codes"]
FAR = 2.0  # standard deviations to either side; codes go twice as far as they are drawn
SAMPLES, PEOPLE = 3000, 50  # for the numbers, and people who are moved
SEED = 2**40  # of the samples, which nothing was fitted to


class Traversal(NamedTuple):
    """What the coordinates of a space move."""

    which: Which
    """z, the noise; w, whitened styles by how much they vary; or codes."""
    names: tuple[str, ...]
    """Of the coordinates, those that move most first."""
    moved: Tensor
    """(coordinates, A) mean |change| of each attribute's probability from one end of a coordinate to the other."""
    attributes: tuple[str, ...]
    numbers: Disentangled
    """Of all coordinates."""
    pictures: Tensor
    """(coordinates, columns, C, H, W) of one person."""


def traversed(
    gan: TrainedGenerator, which: Which, count: int = 8, columns: int = 9, seed: int = 0, truncation: float = 1.0
) -> Traversal:
    """Return what single coordinates of a latent space move.

    Args:
        gan: has `directions`, whose response tells the attributes.
        which: z, w (whitened, so that coordinates are independent), or codes.
        count: coordinates that are shown: those that move attributes most.
        columns: pictures of each.
        seed: of the person who is shown.
        truncation: of that person: below 1 a more typical one. The numbers are of ordinary samples.

    Raises:
        GansmithError: if the generator has no such coordinates, or no directions.
    """
    found: Directions = gan.directions
    movers = _movers(gan, which)
    people = gan.latents(PEOPLE, SEED)
    ends = [_told(found, movers.moved(people, k, FAR)) - _told(found, movers.moved(people, k, -FAR)) for k in movers]
    moved = torch.stack([end.abs().mean(dim=0) for end in ends])
    most = moved.amax(dim=1).argsort(descending=True)[:count].tolist()
    person, shown = gan.latents(1, seed, truncation), _movers(gan, which, truncation)
    places = torch.linspace(-FAR, FAR, columns).tolist()
    rows = [torch.cat([found.space.images(shown.moved(person, k, t)) for t in places]) for k in most]
    latents = gan.latents(SAMPLES, SEED)
    numbers = disentangled(movers.coordinates(latents), _told(found, found.space.points(latents)) > 0.5)
    names = tuple(f"{which}{k + 1}" for k in most)
    return Traversal(which, names, moved[most], found.names, numbers, torch.stack(rows))


class _Movers:
    """Coordinates of a space, and points of `Space(gan)` with one of them moved."""

    def __init__(self, gan: TrainedGenerator, which: Which, truncation: float = 1.0) -> None:
        self.gan, self.which, self.space = gan, which, Space(gan)
        self.truncation = truncation if self.space.name == "w" else 1.0  # noise comes truncated
        self.noise = gan.prior.latent
        codes = gan.condition.codes
        self.size = {"z": self.noise, "w": self.space.size, "codes": codes}[which]

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(range(self.space.whitening.rank if self.which == "w" else self.size))

    def coordinates(self, latents: Latents) -> Tensor:
        """Return the coordinates (N, d) of samples."""
        if self.which == "w":
            return self.space.whitening.whitened(self._points(latents))
        if self.which == "z" or latents.c is None:
            return latents.z
        return latents.c[:, -self.size :]

    def moved(self, latents: Latents, k: int, to: float) -> Tensor:
        """Return the points (N, d) of samples whose coordinate k is at a place, in standard deviations."""
        z, c = latents.z.clone(), None if latents.c is None else latents.c.clone()
        if self.which == "w":
            points = self._points(latents)
            step = torch.zeros(len(z), self.space.whitening.rank, dtype=torch.double)
            step[:, k] = to - self.space.whitening.whitened(points)[:, k].double()
            return self.space.whitening.moved(points, step)
        if self.which == "z":
            z[:, k] = to * self.gan.prior.noise_scale
        elif c is not None:
            self._code(c, k, to)
        return self._points(Latents(z, c))

    def _points(self, latents: Latents) -> Tensor:
        return self.space.points(latents, self.truncation)

    def _code(self, c: Tensor, k: int, to: float) -> None:
        """Put a code at a place: a continuous one as it is, a category on or off."""
        given, start = self.gan.condition.given, 0
        for size in self.gan.condition.categorical:
            if start <= k < start + size:
                other = start + (k - start + 1) % size
                c[:, given + start : given + start + size] = 0
                c[:, given + (k if to > 0 else other)] = 1
                return
            start += size
        c[:, given + k] = to


def _movers(gan: TrainedGenerator, which: Which, truncation: float = 1.0) -> _Movers:
    movers = _Movers(gan, which, truncation)
    if which == "w" and movers.space.name != "w":
        raise GansmithError(f"{gan.name} has no styles w: use z or codes")
    if which == "codes" and not movers.size:
        raise GansmithError(f"{gan.name} has no codes, which InfoGAN's generators have: use z or w")
    return movers


def _told(found: Directions, points: Tensor) -> Tensor:
    """Return the probabilities (N, A) of attributes."""
    response = found.sliders.response
    with at_rest(response), torch.no_grad():
        told: Tensor = response(found.sliders.whitening.whitened(points)).sigmoid()
    return told
