"""The game whose gradients only turn, played by every dynamics."""

from __future__ import annotations

import itertools

from gansmith.dynamics.spectrum import eigenvalues, update_matrix
from gansmith.figures.figure import COLOURS, Figure, print_sheet, sheet
from gansmith.figures.plane import distances, draw_field, draw_trail, every_dynamics, square, trail
from gansmith.games import toy
from gansmith.settings.ranges import Count, Positive

LR = 0.2
STEPS = 40
NAMES = ("x", "y")
REACH = 2.6


def rotation(eta: Positive = LR, steps: Count = STEPS) -> Figure:
    """min max xy: gradients that only turn, and where each dynamics goes with them.

    Args:
        eta: step size η of both players.
        steps: of each dynamics.
    """
    drawn = sheet(3, 2, width=3.5, height=3.7)
    numbers: dict[str, float] = {}
    for axes, colour, (name, dynamics) in zip(drawn.axes, COLOURS, every_dynamics().items(), strict=False):
        game = toy.bilinear(1.0, 0.6, lr=eta)
        largest = complex(eigenvalues(update_matrix(dynamics, game, None))[0])
        draw_field(axes, game, itertools.repeat(None), NAMES, REACH, count=11)
        way = trail(dynamics, game, itertools.repeat(None), steps, NAMES)
        draw_trail(axes, way, colour)
        square(axes, REACH, "x (descends xy)", "y (ascends xy)")
        axes.set_title(f"{name}\nλ = {largest.real:.3f} ± {largest.imag:.3f}i,  |λ| = {abs(largest):.3f}", fontsize=9.5)
        numbers[f"{name}: |λ|"] = abs(largest)
        numbers[f"{name}: left"] = float(distances(way)[-1] / distances(way)[0])
    plain = eigenvalues(update_matrix(every_dynamics()["simultaneous"], toy.bilinear(lr=eta), None))[0]
    left = ", ".join(f"{name.split(',')[0]} {numbers[f'{name}: left']:.3g}" for name in every_dynamics())
    caption = (
        "min over x, max over y of xy: v = (y, −x) is at right angles to the way to the saddle. Simultaneous play has "
        f"eigenvalues 1 ± iη = {plain.real:.1f} ± {plain.imag:.1f}i and leaves; λ above each plot is the largest "
        f"eigenvalue of that dynamics' update matrix, η = {eta:g}. Of the distance to the saddle, {steps} steps (from "
        "the "
        f"ring to the dot) leave: {left}. Arrows point along −v."
    )
    return Figure([print_sheet(drawn, caption)], caption, numbers)
