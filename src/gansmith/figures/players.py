"""One player comes to rest, perhaps at the wrong place; two may never come to rest."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from gansmith.dynamics import Alternating
from gansmith.figures.figure import BLUE, GREEN, ORANGE, Figure, print_sheet, sheet
from gansmith.figures.plane import distances, draw_trail, square, trail
from gansmith.games import toy
from gansmith.settings.ranges import Count, Positive

STARTS = {"from the left": -1.6, "from the right": 1.7}


def cost(w: float | NDArray[np.float64]) -> float | NDArray[np.float64]:
    """Return ¼ w⁴ − ½ w² + 0.15 w: one player's cost, with a valley that is deeper than the other."""
    return w**4 / 4 - w**2 / 2 + 0.15 * w


def descent(start: float, eta: float, steps: int) -> NDArray[np.float64]:
    """Return the places w' = w − η dcost/dw, the start included.

    >>> descent(0.0, 0.1, 1).round(6).tolist()
    [0.0, -0.015]
    """
    places = [start]
    for _ in range(steps):
        w = places[-1]
        places.append(w - eta * (w**3 - w + 0.15))
    return np.array(places)


def players(eta: Positive = 0.1, steps: Count = 120) -> Figure:
    """One player goes down to an optimum, a local one from some starts; of two players on xy none ever settles.

    Args:
        eta: step size η.
        steps: of gradient descent.
    """
    drawn = sheet(3, width=4.2, height=3.7)
    alone, courses, plane = drawn.axes
    w = np.linspace(-1.8, 1.8, 200)
    alone.plot(w, cost(w), color="black", lw=1)
    numbers: dict[str, float] = {}
    for (name, start), colour in zip(STARTS.items(), (GREEN, ORANGE), strict=True):
        way = descent(start, eta, steps)
        alone.plot(way, cost(way), ".", color=colour, ms=5, label=name)
        courses.plot(cost(way), color=colour, label=f"one player, {name}")
        numbers |= {
            f"{name}: w": float(way[-1]),
            f"{name}: cost": float(cost(way[-1])),
            f"{name}: moved": abs(way[-1] - way[-2]),
        }
    game = toy.bilinear(0.6, 0.0, lr=2 * eta)
    way = trail(Alternating(), game, itertools.repeat(None), steps, ("x", "y"))
    courses.plot(way[:, 0] * way[:, 1], color=BLUE, label="two players: xy")
    draw_trail(plane, way, BLUE)
    plane.plot(0, 0, "k+", ms=9)
    square(plane, 0.9, "x (descends xy)", "y (ascends xy)")
    r = distances(way)
    numbers |= {"game: nearest": float(r[1:].min()), "game: farthest": float(r.max())}
    alone.set(xlabel="w", ylabel="cost", ylim=(-0.65, 1.15))
    courses.set(xlabel="steps", ylabel="cost of the one player; xy", ylim=(-0.6, 1.05))
    titles = ("one player: SGD down a valley", "what each minimises", "two players: min max xy, alternating")
    for axes, title in zip(drawn.axes, titles, strict=True):
        axes.set_title(title, fontsize=10)
    for axes in (alone, courses):
        axes.legend(fontsize=8, frameon=False, loc="upper right" if axes is courses else "upper center")
    caption = (
        f"One player's cost ¼ w^4 − ½ w^2 + 0.15 w: after {steps} steps of {eta:g} it rests at "
        f"{_signed(numbers['from the left: cost'])} from the left and at {_signed(numbers['from the right: cost'])}, a "
        "local "
        "optimum, from the right. Two players with costs xy and −xy have one equilibrium, (0, 0), and keep away from "
        "it: "
        f"distance {numbers['game: nearest']:.2f} to {numbers['game: farthest']:.2f} at every step."
    )
    return Figure([print_sheet(drawn, caption)], caption, numbers)


def _signed(value: float) -> str:
    return f"{value:.3f}".replace("-", "−")
