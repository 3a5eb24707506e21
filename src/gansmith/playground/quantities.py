"""Numbers that say how a game stands, each with its equation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor

from gansmith.data.toys import Toy
from gansmith.metrics.modes import mode_coverage
from gansmith.metrics.wasserstein import sliced_wasserstein
from gansmith.playground.density import Window, density, masses
from gansmith.playground.layers import Probes, generated, is_probability, pulls, scores
from gansmith.theory.divergences import js
from gansmith.theory.line import wasserstein_1d
from gansmith.theory.optimal import distance_to_optimal
from gansmith.training.trainer import Trainer


class Explained(NamedTuple):
    """What the page says of a quantity where it stands."""

    title: str
    equation: str
    text: str


EXPLAINED: Mapping[str, Explained] = {
    "discriminator": Explained(
        "D's cost",
        "−E ln D(x) − E ln(1 − D(G(z))), for the minimax and the non-saturating loss",
        "What D minimises, penalties included. There ln 4 = 1.386 says that D tells nothing apart.",
    ),
    "generator": Explained(
        "G's cost",
        "−E ln D(G(z)), for the non-saturating loss",
        "What G minimises; ln 2 = 0.693 at the equilibrium of the non-saturating game.",
    ),
    "modes": Explained(
        "modes",
        "Σₘ [some i: m is nearest to xᵢ, ‖xᵢ − μₘ‖ ≤ 3σ]",
        "Modes of the data with a sample within 3σ of their centre.",
    ),
    "held": Explained(
        "modes held",
        "Σₘ [sₘ ≥ ¼ · 1/M], sₘ = #{i: m is nearest to xᵢ} / N",
        "Modes that have at least a quarter of their fair share of the samples near them.",
    ),
    "moved": Explained(
        "moved",
        "½ Σₘ |sₘ now − sₘ before|, sₘ = #{i: m is nearest to xᵢ} / N",
        "Share of the samples that went to another mode since the last look, a few dozen steps ago.",
    ),
    "quality": Explained(
        "on a mode",
        "#{i: minₘ ‖xᵢ − μₘ‖ ≤ 3σ} / N",
        "Share of samples within 3σ of a mode; perfect samples of the plane score 0.989.",
    ),
    "largest": Explained(
        "largest mode",
        "maxₘ sₘ, sₘ = #{i: m is nearest to xᵢ} / N",
        "Share of the samples that are nearest to the most crowded mode; 1/M where all are fair.",
    ),
    "js": Explained(
        "JS",
        "JS(p, q) = ½ KL(p‖m) + ½ KL(q‖m), m = ½ (p + q)",
        "Between the data's density p and that of the samples, q, both blurred alike; 0 to ln 2 = 0.693.",
    ),
    "w1": Explained(
        "W₁",
        "W₁(P, Q) = ∫ |P(t) − Q(t)| dt, of distribution functions",
        "Earth mover's distance on the line between data and samples, in the data's units.",
    ),
    "sliced": Explained(
        "sliced W₂",
        "√(2 · mean over directions u of W₂²(uᵀx, uᵀG(z))), ‖u‖ = 1",
        "Transport along 32 lines through the plane, in the data's units: W₂ itself in the plane is not computed.",
    ),
    "gap": Explained(
        "D from D*",
        "E |D − D*|, D* = p/(p + q)",
        "From the best answer to this G, the mean over data and samples; both densities blurred alike.",
    ),
    "middle": Explained(
        "mean of D",
        "½ E D(x) + ½ E D(G(z))",
        "½ where D tells nothing apart, but also where it tells all of it apart: see D from ½.",
    ),
    "far": Explained(
        "D from ½",
        "½ E |D(x) − ½| + ½ E |D(G(z)) − ½|",
        "½ where D is sure of every sample; falls towards 0 as G wins and D tells nothing apart.",
    ),
    "sure": Explained(
        "D's margin",
        "E s(x) − E s(G(z)), of D's scores s",
        "Mean score of real samples less that of generated ones; 0 where D tells nothing apart.",
    ),
    "pull": Explained(
        "pull",
        "1/N Σᵢ ‖gᵢ‖, gᵢ = −N ∂(G's cost)/∂xᵢ at xᵢ = G(zᵢ)",
        "Mean length of the gradient that a sample gets; 0 teaches G nothing.",
    ),
    "offset": Explained(
        "offset",
        "‖E G(z) − E x‖",
        "Distance between the mean of the samples and the mean of the data, in the data's units.",
    ),
}
"""Of every quantity its name on the page, its equation, and what it says."""


def quantities(trainer: Trainer, data: Toy, probes: Probes, real_density: Tensor) -> dict[str, float]:
    """Return what is known of the game as it stands; a quantity that the data do not allow is left out.

    Args:
        data: the toy.
        probes: real samples and noise to measure by.
        real_density: of the data, blurred, see `of_data`.
    """
    fake, window = generated(trainer, probes.z), probes.window
    d_real, d_fake = scores(trainer, probes.real), scores(trainer, fake)
    own = density(fake, window)
    found = {
        "js": js(masses(real_density, window), masses(own, window)),
        "sure": float(d_real.mean() - d_fake.mean()),
        "pull": float(pulls(trainer, probes.real, probes.z).norm(dim=1).mean()),
        "offset": float((fake.mean(dim=0) - probes.real.mean(dim=0)).norm()),
    }
    if window.dimensions == 1:
        found["w1"] = wasserstein_1d(probes.real, fake)
    else:
        found["sliced"] = sliced_wasserstein(probes.real, fake, 32)
    if data.modes is not None:
        found |= _by_mode(fake, data.modes, data.spread)
    if is_probability(trainer):
        told = torch.sigmoid(torch.cat([d_real, d_fake]))
        found |= {"middle": float(told.mean()), "far": float((told - 0.5).abs().mean())}
        found["gap"] = distance_to_optimal(
            scores(trainer, window.grid()), real_density.log(), own.log(), real_density + own
        )
    return found


def of_data(data: Toy, window: Window, seed: int = 0, count: int = 20_000) -> Tensor:
    """Return the density of the data on the window's cells, blurred as `density` blurs."""
    return density(next(data.batches(count, seed, 0, torch.device("cpu"))).x, window)


def shares(fake: Tensor, modes: Tensor) -> Tensor:
    """Return the share of samples (N, D) nearest to each of the modes (M, D), (M,)."""
    return torch.cdist(fake, modes).argmin(dim=1).bincount(minlength=len(modes)) / len(fake)


def held(fake: Tensor, modes: Tensor) -> int:
    """Return how many of the modes have a quarter of their fair share of the samples, or more.

    >>> held(torch.tensor([[0.0], [0.1], [0.2], [4.0]]), torch.tensor([[0.0], [5.0], [9.0]]))
    2
    """
    return int((shares(fake, modes) >= 0.25 / len(modes)).sum())


def _by_mode(fake: Tensor, modes: Tensor, spread: float) -> dict[str, float]:
    coverage, own = mode_coverage(fake, modes, spread), shares(fake, modes)
    return {
        "held": float(held(fake, modes)),
        "modes": float(coverage.modes),
        "quality": coverage.high_quality,
        "largest": float(own.max()),
    }
