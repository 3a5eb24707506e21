"""Games of two numbers in the plane: where players go, and where the field would take them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from gansmith.dynamics import Alternating, Consensus, Dynamics, Extragradient, Optimistic, Simultaneous, Unrolled
from gansmith.figures.figure import BLUE, GRAY
from gansmith.games.game import Game, field

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

Names = tuple[str, str]
"""The player drawn across, and the one drawn upwards."""


def every_dynamics() -> dict[str, Dynamics]:
    """Return one of each kind, by the name it has in figures.

    >>> [name for name in every_dynamics() if "=" not in name]
    ['simultaneous', 'alternating', 'extragradient', 'optimistic']
    """
    return {
        "simultaneous": Simultaneous(),
        "alternating": Alternating(),
        "extragradient": Extragradient(),
        "optimistic": Optimistic(),
        "consensus, γ = ½": Consensus(0.5, Simultaneous()),
        "unrolled, k = 5": Unrolled(5, 0.05),
    }


def trail(dynamics: Dynamics, game: Game, batches: Iterator[Any], steps: int, names: Names) -> NDArray[np.float64]:
    """Play and return every place on the way, the first included, (steps + 1, 2)."""
    places = [_place(game, names)]
    for _ in range(steps):
        dynamics.step(game, batches)
        places.append(_place(game, names))
    return np.array(places)


def draw_field(axes: Axes, game: Game, batches: Iterator[Any], names: Names, reach: float, count: int = 13) -> None:
    """Draw arrows along −v(w), where simultaneous play would go, as long as √‖v‖, over [−reach, reach]²."""
    home = _place(game, names)
    line = np.linspace(-reach, reach, count)
    grid = np.array([(x, y) for y in line for x in line])
    arrows = []
    for place in grid:
        _put(game, names, place)
        v, _ = field(game, next(batches))
        arrows.append([-float(g) for name in names if (g := v[name][0]) is not None])
    _put(game, names, home)
    ways = np.array(arrows)
    ways /= np.sqrt(np.hypot(*ways.T)[:, None] + 1e-12)  # or weak places would show nothing
    longest = float(np.hypot(*ways.T).max())
    looks = {"color": GRAY, "alpha": 0.55, "width": 0.004, "angles": "xy", "scale": longest * count * 0.65}
    axes.quiver(*grid.T, *ways.T, **looks).set_in_layout(False)  # arrows that leave the plot ask for no room


def draw_trail(axes: Axes, trail: NDArray[np.float64], colour: str = BLUE, label: str | None = None) -> None:
    """Draw where play went: a ring where it began, a dot where it ended."""
    axes.plot(*trail.T, "-", color=colour, lw=1.1, marker=".", ms=3, label=label)
    axes.plot(*trail[0], "o", color=colour, mfc="white", ms=6)
    axes.plot(*trail[-1], "o", color=colour, ms=5)


def square(axes: Axes, reach: float, across: str, up: str) -> None:
    """Show [−reach, reach]², to scale."""
    axes.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal", xlabel=across, ylabel=up)


def distances(trail: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the distance of every place from the origin.

    >>> distances(np.array([[3.0, 4.0], [0.0, -1.0]])).tolist()
    [5.0, 1.0]
    """
    found: NDArray[np.float64] = np.hypot(*trail.T)
    return found


def _place(game: Game, names: Names) -> list[float]:
    return [game.players[name].parameters[0].item() for name in names]


@torch.no_grad()
def _put(game: Game, names: Names, place: Iterable[float]) -> None:
    for name, value in zip(names, place, strict=True):
        player = game.players[name]
        player.parameters[0].fill_(value)
        player.version += 1
