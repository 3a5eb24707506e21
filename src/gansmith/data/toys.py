"""Distributions that can be sampled without end, for seeing and measuring what a GAN does."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import torch
from torch import Tensor

from gansmith.data.dataset import Batch, randomness


@dataclass(frozen=True)
class Toy:
    """A distribution with a sampler and, for mixtures, its modes and density.

    Args:
        sample: maps (count, random generator) to (count, D) points.
        modes: (M, D) centres of the mixture's components, or None.
        spread: standard deviation of each component.
        log_density: maps points (N, D) to log p(x), (N,), where that is known in closed form.
    """

    description: str
    shape: tuple[int, ...]
    sample: Callable[[int, torch.Generator], Tensor]
    modes: Tensor | None = None
    spread: float = 0.0
    label_names: list[str] = field(default_factory=list)
    attribute_names: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    count: int | None = None
    frequencies: Tensor | None = None
    log_density: Callable[[Tensor], Tensor] | None = None

    def batches(self, size: int, seed: int, start: int, device: torch.device) -> Iterator[Batch]:
        """Yield fresh samples without end."""
        position = start
        while True:
            yield Batch(self.sample(size, randomness(seed, "toy", position)).to(device))
            position += 1


def mixture(centres: Tensor, spread: float, description: str) -> Toy:
    """Equally likely round Gaussians of one spread at the centres (M, D).

    >>> halves = mixture(torch.tensor([[-1.0], [1.0]]), 0.5, "two Gaussians on the line")
    >>> halves.log_density(torch.zeros(1, 1)).exp()  # 2/√(2π) e⁻²
    tensor([0.1080])
    """

    def sample(count: int, rng: torch.Generator) -> Tensor:
        which = torch.randint(len(centres), (count,), generator=rng)
        return centres[which] + spread * torch.randn(count, centres.shape[1], generator=rng)

    log_density = functools.partial(_log_density, centres, spread)
    return Toy(description, (centres.shape[1],), sample, centres, spread, log_density=log_density)


def _log_density(centres: Tensor, spread: float, x: Tensor) -> Tensor:
    """Return log 1/M Σ N(x; centre, spread² I) of points x (N, D)."""
    modes, dimensions = centres.shape
    squares = (x.unsqueeze(1) - centres).square().sum(dim=2) / (2 * spread**2)
    return torch.logsumexp(-squares, dim=1) - math.log(modes) - dimensions * math.log(spread * math.sqrt(2 * math.pi))


def normal(mean: float = 5.0, deviation: float = 1.0) -> Toy:
    """N(5, 1) on the line, the data of the 1-D example."""

    def sample(count: int, rng: torch.Generator) -> Tensor:
        return mean + deviation * torch.randn(count, 1, generator=rng)

    log_density = functools.partial(_log_density, torch.tensor([[mean]]), deviation)
    return Toy(f"1-D normal N({mean:g}, {deviation**2:g})", (1,), sample, log_density=log_density)


def ring(modes: int = 8, radius: float = 1.0, spread: float = 0.01) -> Toy:
    """Gaussians evenly spaced on a circle. Lin et al. 2018 (PacGAN), arXiv 1712.04086: 8 modes, r = 1, σ = 0.01."""
    angles = torch.arange(modes) * (2 * math.pi / modes)  # not linspace to 2π, which would put two modes on one place
    centres = radius * torch.stack([angles.cos(), angles.sin()], dim=1)
    return mixture(centres, spread, f"{modes} Gaussians on a ring")


def grid(side: int = 5, step: float = 2.0, spread: float = 0.05) -> Toy:
    """Gaussians on a square grid. Lin et al. 2018 (PacGAN), arXiv 1712.04086: {−4, …, 4}², σ = 0.05."""
    line = step * (torch.arange(side) - (side - 1) / 2)
    centres = torch.cartesian_prod(line, line)
    return mixture(centres, spread, f"{side * side} Gaussians on a grid")


def moons(spread: float = 0.05) -> Toy:
    """Two half circles that reach into each other, centred at the origin."""

    def sample(count: int, rng: torch.Generator) -> Tensor:
        upper = torch.rand(count, generator=rng) < 0.5
        angle = math.pi * torch.rand(count, generator=rng)
        side = torch.where(upper, 1.0, -1.0)
        points = torch.stack([side * (angle.cos() - 0.5), side * (angle.sin() - 0.25)], dim=1)
        return points + spread * torch.randn(count, 2, generator=rng)

    return Toy("two half moons", (2,), sample)


def swissroll(spread: float = 0.02) -> Toy:
    """A spiral of one and a half turns in the unit disc."""

    def sample(count: int, rng: torch.Generator) -> Tensor:
        angle = 1.5 * math.pi * (1 + 2 * torch.rand(count, generator=rng))
        points = torch.stack([angle * angle.cos(), angle * angle.sin()], dim=1) / (4.5 * math.pi)
        return points + spread * torch.randn(count, 2, generator=rng)

    return Toy("Swiss roll in the plane", (2,), sample)


TOYS: dict[str, Callable[[], Toy]] = {
    "normal": normal,
    "ring": ring,
    "grid": grid,
    "moons": moons,
    "swissroll": swissroll,
}
