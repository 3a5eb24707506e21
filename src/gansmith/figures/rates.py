"""What a learning rate changes, what two do, and what neither can."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

import numpy as np

from gansmith import terms as t
from gansmith.dynamics import Simultaneous
from gansmith.dynamics.spectrum import spectral_radius, update_matrix
from gansmith.figures.figure import COLOURS, GRAY, Figure, print_sheet, sheet, typeset
from gansmith.figures.plane import distances, every_dynamics, trail
from gansmith.games import toy
from gansmith.settings import Count

if TYPE_CHECKING:
    from matplotlib.axes import Axes

H = 0.2
GAMMAS = (0.0, 0.1, 0.3, 1.0)
STEPS = 200


def rates(steps: Count = STEPS) -> Figure:
    """Spectral radius against learning rate, for every dynamics, and for two time scales with and without damping.

    Args:
        steps: of each pair of rates.
    """
    drawn = sheet(3, width=4.4, height=3.9)
    of_dynamics, of_rates, of_ratios = drawn.axes
    optimistic = _every_dynamics(of_dynamics)
    growth = _smaller_rates(of_rates, steps)
    best = _two_time_scales(of_ratios)
    still, damped = best[0.0][1], {gamma: found for gamma, found in best.items() if gamma}
    found = "; ".join(f"γ = {gamma:g}: {radius:.3f} at {ratio:.3g}" for gamma, (ratio, radius) in damped.items())
    caption = (
        f"Left: the factor |λ| per step on min max xy; below 1 play converges (optimistic: least {optimistic:.3f}, at "
        "η = ½). "
        "Middle: of simultaneous play |λ| = √(1 + "
        f"η_x η_y) > 1 for every pair of rates: after {steps} steps the distance has grown "
        + ", ".join(f"{times:.3g}-fold (η = {rate})" for rate, times in growth.items())
        + f". Two time scales with the same product do the same. Right: the Dirac-GAN at its equilibrium, √(η_Dη_G) = "
        f"{H}. Without a penalty no ratio helps (|λ| = {still:.4f}); with R1 (γ/2)E‖∇D‖² the faster discriminator is "
        f"damped more, best where γ² η_D/η_G = 1 (found: {found}); past γη_D = 2 it overshoots."
    )
    numbers = {f"growth at {rate}": times for rate, times in growth.items()}
    numbers["optimistic, least |λ|"] = optimistic
    numbers |= {f"best ratio at γ = {gamma:g}": ratio for gamma, (ratio, _) in damped.items()}
    numbers |= {f"best |λ| at γ = {gamma:g}": radius for gamma, (_, radius) in best.items()}
    return Figure([print_sheet(drawn, caption)], caption, numbers)


def _every_dynamics(axes: Axes) -> float:
    """Draw every dynamics' factor; return the least of the optimistic one."""
    least = 1.0
    etas = np.linspace(0.02, 1.0, 50)  # ½ among them, where the optimistic one is at its least
    for colour, (name, dynamics) in zip(COLOURS, every_dynamics().items(), strict=False):
        radii = [spectral_radius(update_matrix(dynamics, toy.bilinear(lr=eta), None)) for eta in etas.tolist()]
        axes.plot(etas, radii, color=colour, label=name)
        least = min(radii) if name == "optimistic" else least
    axes.axhline(1, color=GRAY, lw=0.8, ls="--")
    axes.set(xlabel="learning rate η", ylabel="|λ|, factor per step", ylim=(0.4, 1.5), xlim=(0, 1))
    axes.set_title("min max xy, every dynamics", fontsize=10)
    axes.legend(fontsize=7.5, loc="upper left", frameon=False)
    return least


def _smaller_rates(axes: Axes, steps: int) -> dict[float, float]:
    """Draw how far simultaneous play gets from the saddle; return by how much it does, for each rate."""
    grown = {}
    for colour, rate in zip(COLOURS, (0.2, 0.1, 0.05), strict=False):
        r = distances(_spiral(rate, rate, steps))
        grown[rate] = float(r[-1] / r[0])
        axes.plot(r, color=colour, label=f"η = {rate} for both")
    for rate_x, rate_y, style in ((0.4, 0.1, ":"), (0.05, 0.8, "--")):
        # lengths in which the turn is round: x/√η_x and y/√η_y
        way = _spiral(rate_x, rate_y, steps) * np.sqrt([H / rate_x, H / rate_y])
        axes.plot(
            distances(way / distances(way)[0] * math.sqrt(2)),
            style,
            color="black",
            label=typeset(f"η_x = {rate_x}, η_y = {rate_y}"),
        )
    axes.set(
        yscale="log", xlabel="steps", ylabel="distance from the saddle", ylim=(1, max(110, 1.5 * max(grown.values())))
    )
    if steps <= STEPS:
        axes.set_yticks([1, 2, 5, 10, 20, 50, 100], ["1", "2", "5", "10", "20", "50", "100"])
    axes.minorticks_off()
    axes.set_title("min max xy, simultaneous: smaller is only slower", fontsize=10)
    axes.legend(fontsize=7.5, loc="upper left", frameon=False)
    return grown


def _spiral(rate_x: float, rate_y: float, steps: int) -> np.ndarray:
    game = toy.bilinear(1.0, 1.0, lr=(rate_x, rate_y))
    return trail(Simultaneous(), game, itertools.repeat(None), steps, ("x", "y"))


def _two_time_scales(axes: Axes) -> dict[float, tuple[float, float]]:
    """Draw the Dirac-GAN's factor against the ratio of its rates; return each γ's best ratio and factor."""
    ratios = np.sort(np.append(np.geomspace(0.1, 400, 111), [1 / gamma**2 for gamma in GAMMAS if gamma]))
    best = {}
    for colour, gamma in zip(COLOURS, GAMMAS, strict=False):
        radii = [dirac_radius(gamma, ratio) for ratio in ratios.tolist()]
        i = int(np.argmin(radii))
        best[gamma] = (float(ratios[i]), radii[i])
        axes.plot(ratios, radii, color=colour, label=f"R1, γ = {gamma:g}" if gamma else "no penalty")
        if gamma:
            axes.plot(*best[gamma], "o", color=colour, ms=5)
    axes.axhline(1, color=GRAY, lw=0.8, ls="--")
    axes.set(
        xscale="log", xlabel=typeset("two time scales: η_D / η_G"), ylabel="|λ|, factor per step", ylim=(0.88, 1.02)
    )
    axes.set_title("Dirac-GAN, simultaneous", fontsize=10)
    axes.legend(fontsize=7.5, loc="lower left", frameon=False)
    return best


def dirac_radius(gamma: float, ratio: float) -> float:
    """Return |λ| of simultaneous play of the Dirac-GAN with R1 at its equilibrium, where √(η_D η_G) = 0.2.

    λ = 1 − γη_D/2 ± √(γ²η_D²/4 − η_D η_G/4).

    >>> round(dirac_radius(0.0, 5.0), 6)  # √(1 + 0.2²/4), whatever the ratio
    1.004988
    """
    rates = (H * math.sqrt(ratio), H / math.sqrt(ratio))
    game = toy.DiracGAN([t.Adversarial(t.LOSSES.ours["minimax"]()), t.R1(gamma)], theta=0.0, psi=0.0, lr=rates)
    return spectral_radius(update_matrix(Simultaneous(), game, game.minibatch()))
