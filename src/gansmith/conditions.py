"""Conditions: what a generator is asked for besides noise, as one vector per sample."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import one_hot


class Parts(NamedTuple):
    """A condition, or what a head reads of one, taken apart."""

    labels: Tensor
    """(N, K) one-hot, or logits; K = 0 where labels are not asked for."""
    attributes: Tensor
    """(N, A) in [0, 1], or logits."""
    categorical: tuple[Tensor, ...]
    """(N, categories) one-hot, or logits, for each categorical code."""
    continuous: Tensor
    """(N, C) in [−1, 1]."""
    view: Tensor
    """(N, …) what of the sample is shown, flat; none where nothing is."""


@dataclass(frozen=True)
class Condition:
    """The layout of a condition: one-hot label | attributes | one-hot codes | continuous codes | what is seen.

    Labels and attributes come with the data; codes are drawn like noise, and it is the generator's affair what they
    come to mean. What is seen, a picture with a hole or a small one, is made of a sample and shown to the generator
    alone.

    Args:
        labels: classes, or 0.
        attributes: their names.
        categorical: categories of each categorical code.
        continuous: how many continuous codes, U[−1, 1].
        view: shape of the picture that is shown; () for none.

    >>> Condition(labels=10, categorical=(4,), continuous=2).size
    16
    """

    labels: int = 0
    attributes: tuple[str, ...] = ()
    categorical: tuple[int, ...] = ()
    continuous: int = 0
    view: tuple[int, ...] = ()

    @property
    def given(self) -> int:
        """Numbers that come with the data."""
        return self.labels + len(self.attributes)

    @property
    def codes(self) -> int:
        """Numbers that are drawn."""
        return sum(self.categorical) + self.continuous

    @property
    def size(self) -> int:
        """Numbers in all."""
        return self.given + self.codes + self.seen

    @property
    def seen(self) -> int:
        """Numbers of the picture that is shown."""
        return math.prod(self.view) if self.view else 0

    def split(self, c: Tensor) -> Parts:
        """Take vectors (N, size) apart."""
        labels, attributes, *categorical, continuous, view = torch.split(
            c, [self.labels, len(self.attributes), *self.categorical, self.continuous, self.seen], dim=1
        )
        return Parts(labels, attributes, tuple(categorical), continuous, view)

    def join(
        self, labels: Tensor | None, attributes: Tensor | None, codes: Tensor, view: Tensor | None = None
    ) -> Tensor:
        """Return (N, size) from labels (N,), attributes (N, A), codes, and what is seen, each where it is asked for."""
        parts = []
        if self.labels and labels is not None:
            parts.append(one_hot(labels, self.labels).to(codes.dtype))
        if self.attributes and attributes is not None:
            parts.append(attributes.to(codes.dtype))
        parts.append(codes)
        if self.view and view is not None:
            parts.append(view.flatten(1).to(codes.dtype))
        return torch.cat(parts, dim=1)

    def draw_codes(self, count: int, rng: torch.Generator) -> Tensor:
        """Return (count, codes): every category equally likely, continuous codes U[−1, 1)."""
        parts = [one_hot(_integers(k, count, rng), k).float() for k in self.categorical]
        continuous = torch.rand(count, self.continuous, generator=rng, device=rng.device) * 2 - 1
        return torch.cat([*parts, continuous], dim=1)

    def code(self, number: int) -> slice:
        """Return where a code stands among the codes: categorical ones by number, continuous ones after them."""
        discrete = len(self.categorical)
        if number < discrete:
            start = sum(self.categorical[:number])
            return slice(start, start + self.categorical[number])
        start = sum(self.categorical) + number - discrete
        return slice(start, start + 1)

    def traverse(self, c: Tensor, columns: int) -> Tensor:
        """Return c (R, size) with one code at a time taken through its values, (codes, R, columns, size).

        A category code takes its first `columns` categories, over and over if it has fewer; a continuous one goes
        evenly from −2 to 2, twice as far as it is drawn, which shows best what it has come to mean (Chen et al. 2016,
        arXiv 1606.03657, figure 2).
        """
        starts = [self.given + sum(self.categorical[:i]) for i in range(len(self.categorical))]
        varied = []
        for start, categories in zip(starts, self.categorical, strict=True):
            values = one_hot(torch.arange(columns) % categories, categories).to(c)
            varied.append(_with(c, columns, slice(start, start + categories), values))
        end = self.given + self.codes
        line = torch.linspace(-2, 2, columns).unsqueeze(1).to(c)
        varied += [_with(c, columns, slice(i, i + 1), line) for i in range(end - self.continuous, end)]
        return torch.stack(varied)


def _with(c: Tensor, columns: int, place: slice, values: Tensor) -> Tensor:
    """Return (R, columns, size): c with these values in one place."""
    many = c[:, None].repeat(1, columns, 1)
    many[:, :, place] = values
    return many


def _integers(below: int, count: int, rng: torch.Generator) -> Tensor:
    return torch.randint(below, (count,), generator=rng, device=rng.device)
