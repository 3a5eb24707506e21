"""The generator's objective over finitely many latents, and its limit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from numpy.typing import NDArray

from gansmith.figures.figure import BLUE, GRAY, GREEN, ORANGE, Figure, print_sheet, sheet
from gansmith.settings.ranges import Count, Seed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COUNTS = (2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096)

Array = NDArray[np.float64]


def integrand(z: Array) -> Array:
    """Return log(1 − D(G(z))) of G(z) = 1 + ½ z and D(x) = σ(2x − 3)."""
    return -np.logaddexp(0, 2 * (1 + z / 2) - 3)


def moments() -> tuple[float, float]:
    """Return mean and standard deviation of log(1 − D(G(z))) under z ~ N(0, 1), by Gauss and Hermite."""
    nodes, weights = hermegauss(120)
    weights = weights / math.sqrt(2 * math.pi)
    mean = float(weights @ integrand(nodes))
    return mean, math.sqrt(float(weights @ (integrand(nodes) - mean) ** 2))


def expectation(draws: Count = 400, seed: Seed = 0) -> Figure:
    """A mean over N equally likely latents, and the expectation that it comes to as N grows, error σ/√N.

    Args:
        draws: means that are drawn for every N.
        seed: of all random numbers.
    """
    exact, deviation = moments()
    rng = np.random.default_rng(seed)
    means = {n: integrand(rng.standard_normal((draws, n))).mean(axis=1) for n in COUNTS}
    errors = {n: float(np.sqrt(np.mean((found - exact) ** 2))) for n, found in means.items()}
    drawn = sheet(3, width=4.1, height=3.6)
    _few(drawn.axes[0], rng)
    for n, found in means.items():
        drawn.axes[1].plot(np.full(60, n), found[:60], ".", color=BLUE, alpha=0.25, ms=4)
    drawn.axes[1].axhline(exact, color=ORANGE, lw=1.2)
    drawn.axes[1].text(COUNTS[-1], exact + 0.06, f"E = {exact:.4f}".replace("-", "−"), color=ORANGE, ha="right")
    drawn.axes[1].set(xscale="log", xlabel="N latents", ylabel="mean of log(1 − D(G(z)))")
    drawn.axes[2].loglog(COUNTS, list(errors.values()), "o", color=BLUE, ms=4, label=f"of {draws} draws")
    drawn.axes[2].loglog(COUNTS, [deviation / math.sqrt(n) for n in COUNTS], color=GRAY, label="σ/√N")
    drawn.axes[2].set(xlabel="N latents", ylabel="root mean square error")
    drawn.axes[2].legend(fontsize=8, frameon=False)
    titles = ("eight latents, 1/8 each", "objectives of many draws", "how far from the limit")
    for axes, title in zip(drawn.axes, titles, strict=True):
        axes.set_title(title, fontsize=10)
    numbers = {"limit": exact, "deviation": deviation} | {f"error at {n}": error for n, error in errors.items()}
    caption = (
        "Of N equally likely latents the objective is Σ (1/N) log(1 − D(G(z))); of z ~ N(0, 1) it is ∫ p(z) log(1 − "
        f"D(G(z))) dz = −{-exact:.4f}. G(z) = 1 + ½ z, D(x) = σ(2x − 3). A mean over N draws misses that by "
        f"{deviation:.4f}/√N: found {errors[64]:.4f} at N = 64, {errors[4096]:.4f} at 4,096."
    )
    return Figure([print_sheet(drawn, caption)], caption, numbers)


def _few(axes: Axes, rng: np.random.Generator) -> None:
    z = np.linspace(-3, 3, 200)
    some = rng.standard_normal(8)
    axes.plot(z, integrand(z), color=GREEN)
    axes.plot(some, integrand(some), "o", color=BLUE)
    mean = float(integrand(some).mean())
    axes.axhline(mean, color=BLUE, ls="--", lw=1)
    axes.annotate(f"their mean: −{-mean:.3f}", (3, mean), (0, 4), textcoords="offset points", color=BLUE, ha="right")
    axes.set(xlabel="z", ylabel="log(1 − D(G(z)))")
