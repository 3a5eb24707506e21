"""Numbers that say how a game stands, each with its equation."""

from __future__ import annotations

from collections.abc import Mapping

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

EXPLAINED: Mapping[str, tuple[str, str]] = {
    "discriminator": ("D's cost", "What D minimises. In the game of 1 ln 4 = 1.386 says that D tells nothing apart."),
    "generator": ("G's cost", "What G minimises; ln 2 = 0.693 at the equilibrium of the non-saturating game."),
    "modes": ("modes", "Modes of the data with a sample within 3σ of their centre."),
    "held": ("modes held", "Modes that have at least a quarter of their fair share of the samples near them."),
    "moved": ("moved", "Share of the samples that went to another mode since the last look, a few dozen steps ago."),
    "quality": ("on a mode", "Share of samples within 3σ of a mode; perfect samples of the plane score 0.989."),
    "largest": (
        "largest mode",
        "Share of the samples that are nearest to the most crowded mode; 1/M where all are fair.",
    ),
    "js": ("JS", "JS(p, q) = ½ KL(p‖m) + ½ KL(q‖m), m = ½ (p + q); 0 to ln 2 = 0.693. Both densities blurred alike."),
    "w1": ("W", "Earth mover's distance to the data: W₁ on the line, the sliced W₂ in the plane, in the data's units."),
    "gap": ("D from D*", "E |D − D*| with D* = p/(p + q), the best answer to this G; both densities blurred alike."),
    "middle": ("mean of D", "Mean of D over samples, half of them real; ½ where D tells nothing apart."),
    "sure": ("D's margin", "Mean score of real samples − that of fakes; 0 where D tells nothing apart."),
    "pull": ("pull", "Mean length of the gradient that a sample gets, |∂cost/∂x|; 0 teaches G nothing."),
    "offset": ("offset", "Distance between the mean of the samples and the mean of the data, in the data's units."),
}
"""Of every quantity, its name on the page and what it is."""


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
        "w1": wasserstein_1d(probes.real, fake)
        if window.dimensions == 1
        else sliced_wasserstein(probes.real, fake, 32),
        "sure": float(d_real.mean() - d_fake.mean()),
        "pull": float(pulls(trainer, probes.real, probes.z).norm(dim=1).mean()),
        "offset": float((fake.mean(dim=0) - probes.real.mean(dim=0)).norm()),
    }
    if data.modes is not None:
        found |= _by_mode(fake, data.modes, data.spread)
    if is_probability(trainer):
        found["middle"] = float(torch.sigmoid(torch.cat([d_real, d_fake])).mean())
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


def _by_mode(fake: Tensor, modes: Tensor, spread: float) -> dict[str, float]:
    coverage, own = mode_coverage(fake, modes, spread), shares(fake, modes)
    return {
        "held": float((own >= 0.25 / len(modes)).sum()),
        "modes": float(coverage.modes),
        "quality": coverage.high_quality,
        "largest": float(own.max()),
    }
