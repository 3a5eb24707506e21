"""Densities of samples on a grid of the line or the plane, for a picture and for divergences."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

SIDES = {1: 200, 2: 40}  # cells along an axis
BLUR = {1: 4.0, 2: 1.5}  # cells in a standard deviation of the kernel
MARGIN = 1.35  # how much wider than the data the picture is


@dataclass(frozen=True)
class Window:
    """The part of the line or the plane that is looked at: a centre and a reach, alike in all directions."""

    centre: tuple[float, ...]
    reach: float

    @classmethod
    def around(cls, real: Tensor) -> Window:
        """Return a window that shows real samples (N, D) with room around them."""
        low, high = real.min(dim=0).values, real.max(dim=0).values
        reach = float((high - low).max()) / 2 * MARGIN
        return cls(tuple(((low + high) / 2).tolist()), reach)

    @property
    def dimensions(self) -> int:
        """1 or 2."""
        return len(self.centre)

    @property
    def side(self) -> int:
        """Cells along an axis."""
        return SIDES[self.dimensions]

    @property
    def cell(self) -> float:
        """Length or area of a cell."""
        return float((2 * self.reach / self.side) ** self.dimensions)

    @property
    def width(self) -> float:
        """Standard deviation of the kernel that densities are blurred by: a few cells."""
        return BLUR[self.dimensions] * 2 * self.reach / self.side

    def axes(self) -> list[Tensor]:
        """Return the middles of the cells along each axis."""
        steps = (torch.arange(self.side) + 0.5) / self.side * 2 - 1
        return [c + self.reach * steps for c in self.centre]

    def grid(self) -> Tensor:
        """Return the middles of all cells, (side, 1), or (side², 2) with the second axis running fastest."""
        axes = self.axes()
        return axes[0].unsqueeze(1) if len(axes) == 1 else torch.cartesian_prod(*axes)


def density(samples: Tensor, window: Window) -> Tensor:
    """Return 1/N Σ N(x; sample, h² I) at the window's cells, (side,) or (side²,): samples blurred by its width h.

    Both data and samples are blurred by the same kernel, so that a divergence of the two is 0 where they are alike.
    Rosenblatt 1956, "Remarks on some nonparametric estimates of a density function".

    Args:
        samples: (N, D).

    >>> window = Window((0.0,), 5.0)
    >>> round(float(density(torch.zeros(1, 1), window).sum()) * window.cell, 6)
    1.0
    """
    h = window.width
    kernels = [
        torch.exp(-((axis.unsqueeze(1) - samples[:, d]) ** 2) / (2 * h * h)) / (h * math.sqrt(2 * math.pi))
        for d, axis in enumerate(window.axes())
    ]
    if len(kernels) == 1:
        return kernels[0].mean(dim=1)
    return (kernels[0] @ kernels[1].T).flatten() / len(samples)  # a round kernel is a product


def masses(values: Tensor, window: Window) -> Tensor:
    """Return the probabilities of the window's cells and, last, of what lies beyond them; they sum to 1."""
    inside = values.double() * window.cell
    inside = inside / inside.sum().clamp_min(1.0)  # sums over cells may pass 1 in the last digits
    return torch.cat([inside, (1 - inside.sum()).clamp_min(0).reshape(1)])
