"""From a picture to the point of the latent space whose sample is nearest."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from gansmith.errors import GansmithError
from gansmith.generators.latents import Latents
from gansmith.generators.rest import at_rest
from gansmith.generators.trained import TrainedGenerator
from gansmith.latent.coordinates import Coordinates
from gansmith.latent.descent import Descent
from gansmith.latent.inversion.encoder import Encoder
from gansmith.latent.inversion.noise import noise_of
from gansmith.latent.measures import USUAL, Look, Nearness, nearness
from gansmith.latent.space import Space
from gansmith.metrics.likeness import psnr, ssim
from gansmith.streams import forked

log = logging.getLogger(__name__)

PIECE = 8  # pictures at once: more are slower a picture, as their maps leave the caches
CANDIDATES = 1000  # of the generator's own samples, the nearest of which are starts


@dataclass(frozen=True)
class Search:
    """How `invert` goes; lengths are in standard deviations of the generator's points.

    Attributes:
        steps: of Adam; 0 leaves the start as it is.
        restarts: starts: what the encoder says, then the nearest of 1,000 own samples; the one that ends nearest wins.
        prior: λ of λ |u|²/r, which keeps points where samples are; beside a distance that is 1 between random samples.
        rate: of Adam at the start.
        seed: of the samples among which starts are looked for.
    """

    steps: int = 40
    restarts: int = 1
    prior: float = 0.002
    rate: float = 0.1
    seed: int = 0

    def __post_init__(self) -> None:
        for name, least in (("steps", 0), ("restarts", 1), ("prior", 0), ("rate", 1e-9)):
            if not getattr(self, name) >= least:
                raise GansmithError(f"{name} = {getattr(self, name)} must be at least {least:g}")


USUALLY = Search()


class Inversion(NamedTuple):
    """The samples nearest to pictures, and how near they are; all on the CPU."""

    points: Tensor
    """(N, d) of the generator's space: w for one that maps noise to styles, else z with its condition."""
    latents: Latents
    """Noise (N, latent), and conditions, whose samples these are; for w the noise whose style is nearest."""
    pictures: Tensor
    """(N, C, H, W) that were asked for."""
    start: Tensor
    """(N, C, H, W) samples of the starts."""
    samples: Tensor
    """(N, C, H, W) the nearest samples."""
    psnr: Tensor
    """(N,) dB, of the samples."""
    ssim: Tensor
    """(N,)."""
    distance: Tensor
    """(N,) by the measure of nearness; 1 between random samples."""
    rarity: Tensor
    """(N,) share of the generator's own samples that lie nearer to their mean."""
    seconds: float
    """For all of them, noise and figures left out."""


def invert(
    gan: TrainedGenerator | Coordinates,
    pictures: Tensor,
    near: Sequence[str] | Nearness = USUAL,
    encoder: Encoder | None = None,
    search: Search = USUALLY,
    judges: Mapping[str, Look] | None = None,
) -> Inversion:
    """Return the samples of a generator that are nearest to pictures: min over u of distance(G(u), x) + λ |u|²/r.

    u are whitened coordinates, see `Coordinates`. From the encoder's answer, or from the nearest of 1,000 own samples
    without one, `Search.steps` steps of Adam go down. Zhu et al. 2016, arXiv 1609.03552; Abdal, Qin, Wonka 2019,
    "Image2StyleGAN", arXiv 1904.03189.

    Args:
        gan: the generator, or the coordinates of one of its spaces.
        pictures: (N, C, H, W) in [−1, 1], of the shape of its samples.
        near: measures of nearness that are added up, see `nearness`.
        encoder: gives the start, see `encoder_of`.
        search: how it goes.
        judges: measures of nearness by name, besides ours.

    Raises:
        GansmithError: if pictures are of another shape or not finite, or a measure is not to be had.
    """
    coordinates = gan if isinstance(gan, Coordinates) else Coordinates(Space(gan))
    whole = coordinates.space.gan
    if pictures.dim() != 4 or pictures.shape[1:] != whole.shape or not len(pictures):
        raise GansmithError(f"pictures of shape {tuple(pictures.shape)} are not {tuple(whole.shape)} each")
    if not pictures.isfinite().all():
        raise GansmithError("pictures: some pixels are NaN or infinite")
    measure = near if isinstance(near, Nearness) else nearness(near, coordinates, judges)
    begun, parts = time.perf_counter(), []
    with forked(search.seed), at_rest(coordinates.network):
        for part in torch.split(pictures.to(coordinates.like.device).float(), PIECE):
            parts.append(_inverted(coordinates, part, measure, encoder, search))
            done = sum(len(one.u) for one in parts)
            if len(pictures) > PIECE:
                log.info("inverted %d of %d pictures", done, len(pictures))
    found = _Found(*(torch.cat(each) for each in zip(*parts, strict=True)))
    return _report(coordinates, pictures, found, time.perf_counter() - begun)


class _Found(NamedTuple):
    u: Tensor
    points: Tensor
    start: Tensor
    samples: Tensor
    distance: Tensor


def _inverted(coordinates: Coordinates, x: Tensor, near: Nearness, encoder: Encoder | None, search: Search) -> _Found:
    """Return what is nearest to a few pictures."""
    with torch.no_grad():
        target = near.told(x)
        begun = [*_starts(coordinates, x, near, encoder, search)]
    best = None
    for u in begun:
        found = _descended(coordinates, u, target, near, search)
        if best is None:
            best = found
            continue
        nearer = found.distance < best.distance
        mixed = (torch.where(nearer.reshape(-1, *[1] * (a.dim() - 1)), a, b) for a, b in zip(found, best, strict=True))
        best = _Found(*mixed)
    assert best is not None
    return best


def _starts(
    coordinates: Coordinates, x: Tensor, near: Nearness, encoder: Encoder | None, search: Search
) -> Iterator[Tensor]:
    """Yield as many starts (N, r) as the search wants."""
    others = search.restarts
    if encoder is not None:
        with at_rest(encoder):
            yield encoder(x)
        others -= 1
    if others:
        points = coordinates.space.drawn(CANDIDATES, search.seed)
        target, distances = near.told(x), []
        for part in torch.split(coordinates.space.images(points), 250):
            seen = near.told(part.to(x.device))
            for i in range(len(part)):
                one = [[t[i : i + 1] for t in told] for told in seen]
                distances.append(near.apart(one, target))
        nearest = torch.stack(distances, dim=1).topk(others, dim=1, largest=False).indices.cpu()
        yield from (coordinates.of(points[nearest[:, k]]) for k in range(others))


def _descended(coordinates: Coordinates, u: Tensor, target: list[list[Tensor]], near: Nearness, s: Search) -> _Found:
    """Return where the descent from one start ends."""
    asked = coordinates.conditions(u)

    def cost(at: Tensor) -> Tensor:
        apart = near.apart(near.told(coordinates.pictures(at, asked)), target)
        return apart + s.prior * at.square().mean(dim=1)

    with torch.no_grad():
        start = coordinates.pictures(u, asked)
    way = Descent(u, s.rate, s.steps)
    for _ in range(s.steps):
        way.step(cost)
    end = way.u.detach()
    with torch.no_grad():
        samples = coordinates.pictures(end, asked)
        distance = near.apart(near.told(samples), target)
    return _Found(end, coordinates.points(end, asked), start, samples, distance)


def _report(coordinates: Coordinates, pictures: Tensor, found: _Found, seconds: float) -> Inversion:
    points, start, samples = (one.detach().float().cpu() for one in (found.points, found.start, found.samples))
    pictures = pictures.cpu().float()
    return Inversion(
        points=points,
        latents=noise_of(coordinates.space, points),
        pictures=pictures,
        start=start,
        samples=samples,
        psnr=psnr(samples, pictures),
        ssim=ssim(samples, pictures),
        distance=found.distance.cpu().double(),
        rarity=coordinates.rarity(found.u).cpu(),
        seconds=seconds,
    )
