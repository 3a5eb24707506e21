"""Pictures as smooth functions of whitened coordinates, so that a cost on pictures moves points of a latent space."""

from __future__ import annotations

from functools import cached_property

import torch
from torch import Tensor

from gansmith.errors import GansmithError
from gansmith.latent.space import SAMPLES, Space
from gansmith.latent.whitening import whitening_of
from gansmith.networks.style import SLOPE


class Coordinates:
    """u (N, r) of mean 0 and covariance 1 over a generator's samples → points m + L u → pictures, with gradients.

    What a conditional generator was told is a part of its points. Where that is one of several, a label or a category,
    there is no way between: it is read once from where a picture starts (`asked`) and stays.

    Attributes:
        space: of the generator.
        size: r.
    """

    def __init__(self, space: Space) -> None:
        gan = space.gan
        if len(gan.shape) != 3:
            raise GansmithError(f"{gan.name} makes vectors: it has no pictures to be inverted or edited")
        self.space = space
        self.network = space.parts[1]
        numbers = [*self.network.parameters(), *self.network.buffers()]
        self.like = next(one for one in numbers if one.is_floating_point()) if numbers else torch.zeros(())
        self.size = space.whitening.rank
        self.mean = space.whitening.mean.to(self.like)
        self.root = space.whitening.root.to(self.like)
        self._examples: dict[int, tuple[Tensor, Tensor]] = {}

    def points(self, u: Tensor, asked: Tensor | None = None) -> Tensor:
        """Return points (N, d); their conditions are valid ones, those of `asked` where there is a choice of several.

        Args:
            u: (N, r), on the generator's device.
            asked: (N, size) conditions, of `conditions`.
        """
        p = self.mean + u @ self.root
        if asked is None:
            return p
        z, c = torch.split(p, [p.shape[1] - asked.shape[1], asked.shape[1]], dim=1)
        low, high, chosen = self._limits
        return torch.cat([z, torch.where(chosen, asked, torch.minimum(torch.maximum(c, low), high))], dim=1)

    def pictures(self, u: Tensor, asked: Tensor | None = None) -> Tensor:
        """Return pictures (N, C, H, W) of coordinates, float32, on the generator's device."""
        x: Tensor = self.network(self.points(u, asked).to(self.like.dtype))
        return x.float()

    def examples(self, count: int) -> tuple[Tensor, Tensor]:
        """Return coordinates (count, r) of samples, always the same, and their pictures; made once, kept here."""
        if count not in self._examples:
            points = self.space.drawn(count, seed=1)
            self._examples[count] = (self.of(points), self.space.images(points).to(self.like.device))
        return self._examples[count]

    def of(self, points: Tensor) -> Tensor:
        """Return the coordinates (N, r) of points (N, d), on the generator's device."""
        return self.space.whitening.whitened(points.cpu()).to(self.like.device)

    def conditions(self, u: Tensor) -> Tensor | None:
        """Return the valid conditions (N, size) nearest to those of coordinates; None where points hold none."""
        size = self.space.gan.condition.size if self.space.name == "z" else 0
        if not size:
            return None
        layout, c = self.space.gan.condition, (self.mean + u @ self.root)[:, -size:]
        parts = layout.split(c)
        whole = [_largest(parts.labels), parts.attributes.clamp(0, 1), *map(_largest, parts.categorical)]
        return torch.cat([*whole, parts.continuous.clamp(-1, 1)], dim=1)

    def strangeness(self, u: Tensor) -> Tensor:
        """Return how far coordinates lead from where styles are, (N,), 1 on average over the generator's own samples.

        |v|²/r of coordinates v in which what comes before the mapping network's last leaky ReLU has mean 0 and
        covariance 1: a style that is negative where all styles are hardly so is ordinary in u, and far out in v. Zhu,
        Abdal, Qin, Femiani, Wonka 2020, "Improved StyleGAN embedding", arXiv 2012.09036. Noise has no such place: its
        own |u|²/r.
        """
        if self.space.name == "z":
            return u.square().mean(dim=1)
        mean, inverse = self._before
        return ((unbent(self.points(u)) - mean) @ inverse).square().mean(dim=1)

    @cached_property
    def _before(self) -> tuple[Tensor, Tensor]:
        whitening = whitening_of(unbent(self.space.drawn(SAMPLES)))
        return whitening.mean.to(self.like), whitening.inverse.to(self.like)

    @cached_property
    def norms(self) -> Tensor:
        """|u| of 10,000 of the generator's own samples, in order."""
        norms: Tensor = torch.linalg.vector_norm(self.of(self.space.drawn(SAMPLES)), dim=1)
        return norms.sort().values

    def rarity(self, u: Tensor) -> Tensor:
        """Return the share of the generator's own samples that lie nearer to their mean than u does, (N,) in [0, 1]."""
        nearer: Tensor = torch.searchsorted(self.norms, torch.linalg.vector_norm(u, dim=1))
        share: Tensor = nearer.double() / len(self.norms)
        return share

    @cached_property
    def _limits(self) -> tuple[Tensor, Tensor, Tensor]:
        """Between what each number of a condition lies, and whether it is one of several of which one is chosen."""
        layout = self.space.gan.condition
        names, codes = len(layout.attributes), sum(layout.categorical)
        low = [0.0] * (layout.labels + names + codes) + [-1.0] * layout.continuous
        chosen = [True] * layout.labels + [False] * names + [True] * codes + [False] * layout.continuous
        like = self.like
        return torch.tensor(low).to(like), torch.ones(layout.size).to(like), torch.tensor(chosen).to(like.device)


def unbent(w: Tensor) -> Tensor:
    """Return what a leaky ReLU has made styles of.

    >>> unbent(torch.tensor([-0.5, 2.0]))
    tensor([-2.5000,  2.0000])
    """
    return torch.where(w < 0, w / SLOPE, w)


def _largest(part: Tensor) -> Tensor:
    return torch.zeros_like(part).scatter_(1, part.argmax(dim=1, keepdim=True), 1) if part.shape[1] else part
