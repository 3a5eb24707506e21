"""Nearest neighbours: do samples lie where the data lie, do they lie everywhere there, and are they copies?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from gansmith.errors import GansmithError
from gansmith.metrics.accumulators import chunks
from gansmith.numerics import in_double


class Support(NamedTuple):
    """How two sets of samples cover each other; the first two and the last are fractions."""

    precision: float
    """Generated samples inside a real sample's ball: are they believable?"""
    recall: float
    """Real samples inside a generated sample's ball: could they have been generated?"""
    density: float
    """Balls of real samples around a generated sample, over k; 1 on average for perfect samples, unbounded."""
    coverage: float
    """Real samples whose own ball holds a generated sample; an outlier among the fakes cannot raise it."""


def support(real: Tensor, fake: Tensor, k: int = 5) -> Support:
    """Return precision, recall, density and coverage, where a sample's ball reaches to its k-th neighbour in its set.

    Args:
        real, fake: (M, D) and (N, D) features; take equally many, the sizes matter.

    Kynkäänniemi et al. 2019, "Improved precision and recall metric", arXiv 1904.06991 (precision, recall); Naeem et
    al. 2020, "Reliable fidelity and diversity metrics", arXiv 2002.09797 (density, coverage).
    """
    x, y = in_double(real.flatten(1)), in_double(fake.flatten(1))
    real_radius, fake_radius = radii(x, k), radii(y, k)
    hits = torch.zeros(len(y), dtype=torch.int64, device=y.device)  # real balls around each fake
    recalled, covered = 0, 0
    for rows, reach in zip(chunks(x), chunks(real_radius), strict=True):
        distance = torch.cdist(rows, y)
        inside = distance <= reach[:, None]
        hits += inside.sum(dim=0)
        covered += int(inside.any(dim=1).sum())
        recalled += int((distance <= fake_radius).any(dim=1).sum())
    precision, density = float((hits > 0).double().mean()), float(hits.double().mean()) / k
    return Support(precision, recalled / len(x), density, covered / len(x))


def radii(x: Tensor, k: int) -> Tensor:
    """Return the distance of every sample (N, D) to its k-th nearest other one, (N,)."""
    if len(x) <= k:
        raise GansmithError(f"{len(x)} samples have no {k} nearest neighbours: take more samples")
    return torch.cat([torch.cdist(rows, x).topk(k + 1, largest=False).values[:, -1] for rows in chunks(x)])


class Copies(NamedTuple):
    """What the nearest-real-neighbour check finds."""

    authenticity: float
    """Fraction of generated samples that are no copies."""
    nearest: Tensor
    """(N,) index of each generated sample's nearest real one."""
    closeness: Tensor
    """(N,) distance to it over the distance from it to its nearest other real one; below 1 hints at a copy."""


def find_copies(real: Tensor, fake: Tensor) -> Copies:
    """Tell memorised samples from new ones.

    A generated sample that lies closer to a real one than any other real sample does is taken for a copy of it. Fresh
    samples of the data's own distribution score about one half by this measure, memorised ones 0.

    Args:
        real, fake: (M, D) and (N, D) features; `real` should be all the samples the generator was trained on.

    Alaa et al. 2022, "How faithful is your synthetic data?", arXiv 2102.08921.
    """
    x, y = in_double(real.flatten(1)), in_double(fake.flatten(1))
    found = [torch.cdist(rows, x).min(dim=1) for rows in chunks(y)]
    distance, nearest = torch.cat([f.values for f in found]), torch.cat([f.indices for f in found])
    which, place = (torch.from_numpy(a).to(x.device) for a in np.unique(nearest.cpu().numpy(), return_inverse=True))
    to_others = [torch.cdist(rows, x).topk(2, largest=False).values[:, 1] for rows in chunks(x[which])]
    closeness = distance / torch.cat(to_others)[place].clamp(min=torch.finfo(torch.float64).tiny)
    return Copies(float((closeness > 1).double().mean()), nearest, closeness)


def pairwise_diversity(x: Tensor) -> float:
    """Return the mean distance ‖x_i − x_j‖ over all pairs i ≠ j, in units of the features; 0 for a total collapse.

    >>> pairwise_diversity(torch.tensor([[0.0], [1.0], [2.0]]))
    1.3333333333333333
    """
    x = in_double(x.flatten(1))
    if len(x) < 2:
        raise GansmithError("diversity needs at least 2 samples")
    total = sum(float(torch.cdist(rows, x).sum()) for rows in chunks(x))
    return total / (len(x) * (len(x) - 1))
