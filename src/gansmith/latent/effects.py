"""What else moves: how far every attribute goes while one of them is moved from 10 to 90."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from gansmith.generators.trained import PIECE
from gansmith.latent.factorized import Factors
from gansmith.latent.predictor import Reader
from gansmith.latent.space import Space

LOW, HIGH = 10.0, 90.0  # of a slider, between which effects are measured
FAR = 2.0  # standard deviations to either side, for directions that no slider knows

Told = Callable[[Tensor], Tensor]
"""Points (N, d) → logits (N, A) of a predictor on their pictures."""
Move = Callable[[Tensor, int, float], Tensor]
"""Points (N, d), an attribute and a slider's value → moved points."""


def told_by(space: Space, predictor: Reader) -> Told:
    """Return what a predictor says of the pictures of points, made a few at a time."""
    return lambda points: torch.cat([predictor.logits(space.images(part)) for part in torch.split(points, PIECE)])


def effects(told: Told, points: Tensor, moved: Iterable[int], move: Move) -> Tensor:
    """Return how far attributes go as one of them goes from 10 to 90, (M, A): rows moved, columns what changed.

    The mean over people of |p₉₀ − p₁₀|, p = σ(logit) in [0, 1]; of what was moved that of p₉₀ − p₁₀, the rise itself.

    Args:
        told: says what is seen.
        points: (N, d) of people.
        moved: M of the attributes.
        move: moves one of them.
    """
    rows = []
    for i in moved:
        low, high = (told(move(points, i, value)).double().sigmoid() for value in (LOW, HIGH))
        row = (high - low).abs().mean(dim=0)
        row[i] = (high - low)[:, i].mean()
        rows.append(row)
    return torch.stack(rows)


@dataclass(frozen=True)
class Unsupervised:
    """Directions that were found without labels, and what each turned out to move.

    Attributes:
        method: closed-form or principal-components.
        factors: the directions.
        spread: (k,) standard deviation of the generator's points along each.
        changes: (k, A) mean |change| of each attribute's probability from 2 standard deviations below to 2 above.
        correlation: (k, A) Spearman's rank correlation of the position along each with the probability.
    """

    method: str
    factors: Factors
    spread: Tensor
    changes: Tensor
    correlation: Tensor

    @property
    def moves(self) -> list[int]:
        """The attribute that each direction moves most."""
        most: list[int] = self.changes.argmax(dim=1).tolist()
        return most

    def along(self, points: Tensor, direction: int, distance: float) -> Tensor:
        """Return points (N, d) moved along one of the directions, by standard deviations."""
        step = distance * self.spread[direction] * self.factors.vectors[direction]
        return (points.double() + step).float()


def unsupervised(method: str, factors: Factors, drawn: Tensor, told: Told, people: Tensor) -> Unsupervised:
    """Return directions with what each of them moves.

    Args:
        method: that found them.
        factors: the directions.
        drawn: (M, d) the generator's own points, for their spread.
        told: says what is seen.
        people: (N, d) points that are moved.
    """
    spread = (drawn.double() @ factors.vectors.T).std(dim=0)
    blank = Unsupervised(method, factors, spread, torch.empty(0), torch.empty(0))
    places = torch.linspace(-FAR, FAR, 5)
    changes, correlation = [], []
    for k in range(len(spread)):
        p = torch.stack([told(blank.along(people, k, float(t))).double().sigmoid() for t in places])
        changes.append((p[-1] - p[0]).abs().mean(dim=0))
        correlation.append(_rank_correlation(places, p))
    return Unsupervised(method, factors, spread, torch.stack(changes), torch.stack(correlation))


def _rank_correlation(places: Tensor, p: Tensor) -> Tensor:
    """Return the mean over people of Spearman's ρ between places (T,) and p (T, N, A), for each attribute."""
    rank = p.argsort(dim=0).argsort(dim=0).double()
    x = torch.arange(len(places), dtype=torch.double)
    x, rank = x - x.mean(), rank - rank.mean(dim=0)
    return (x[:, None, None] * rank).sum(dim=0).div(x.square().sum()).mean(dim=0)
