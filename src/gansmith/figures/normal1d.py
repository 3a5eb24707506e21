"""The 1-D example as a film."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import torch
from torch import Tensor

from gansmith.data.toys import normal
from gansmith.figures.figure import BLUE, GRAY, GREEN, ORANGE, Figure, print_sheet, sheet
from gansmith.figures.play import Look, play
from gansmith.recipes.composition import change
from gansmith.recipes.normal1d import normal1d as recipe
from gansmith.settings.ranges import Range
from gansmith.theory.line import wasserstein_line
from gansmith.theory.optimal import best_value, optimal_discriminator
from gansmith.training.trainer import Trainer

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Sheet

LAST, FRAMES = 3000, 48
LOW, HIGH, CELLS = -10.0, 10.0, 200
CELL = (HIGH - LOW) / CELLS
Z = torch.linspace(-8, 8, 33)
X = torch.linspace(LOW + CELL / 2, HIGH - CELL / 2, CELLS, dtype=torch.float64)


def seen_at(steps: int, frames: int) -> tuple[int, ...]:
    """Return the steps of which there are frames: closer where more happens.

    >>> seen_at(3000, 4)
    (0, 330, 1330, 3000)
    """
    places = [steps * (i / (frames - 1)) ** 2 for i in range(frames)]
    return (*dict.fromkeys(round(place / 10) * 10 for place in places[:-1]), steps)


def generator_density(trainer: Trainer) -> Tensor:
    """Return the density of G(z), z ~ U[−8, 8], in cells around X: where 200,000 evenly spaced z go."""
    z = torch.linspace(-8, 8, 200_000).unsqueeze(1)
    counts = torch.histc(trainer.game.networks["generator"](z)[:, 0], CELLS, LOW, HIGH).double()
    return counts / (len(z) * CELL)


def normal1d(steps: Annotated[int, Range(least=10)] = LAST, frames: Annotated[int, Range(least=2)] = FRAMES) -> Figure:
    """The 1-D example as a film: U[−8, 8] becomes N(5, 1), while D follows its D*.

    Args:
        steps: of the run.
        frames: of the film.
    """
    data = normal()
    assert data.log_density is not None
    p_r = data.log_density(X.unsqueeze(1)).exp()
    drawn: list[Sheet] = []
    seen = seen_at(steps, frames)
    numbers: dict[str, float] = {}

    @torch.no_grad()
    def see(trainer: Trainer) -> None:
        p_g = generator_density(trainer)
        d = torch.sigmoid(trainer.game.networks["discriminator"](X.float().unsqueeze(1)).logits).double()
        best = optimal_discriminator(p_r, p_g)
        found = {
            "distance": float(((d - best).abs() * (p_r + p_g)).sum() * CELL / 2),
            "value": best_value(p_r, p_g, CELL),
            "W₁": wasserstein_line(X, p_r, p_g, CELL),
            "|D − ½|": float(((d - 0.5).abs() * (p_r + p_g)).sum() * CELL / 2),
        }
        numbers.update({f"{name} at step {trainer.steps_done}": value for name, value in found.items()})
        ways = trainer.game.networks["generator"](Z.unsqueeze(1))[:, 0]
        drawn.append(_frame(trainer.steps_done, p_r, p_g, d, best, ways, found))

    play(change(recipe(), {"steps": steps}), data, Look(seen, see))
    first, last = (numbers[f"W₁ at step {step}"] for step in (0, steps))
    caption = (
        f"min over G, max over D of E log D(x) + E log(1 − D(G(z))): N(5, 1) from U[−8, 8]. After {steps:,} steps "
        f"W₁ has fallen from {first:.2f} to {last:.2f}, max_D V = 2 JS − log 4 to "
        f"−{-numbers[f'value at step {steps}']:.3f} (at best −1.386), and D lies "
        f"{numbers[f'|D − ½| at step {steps}']:.3f} "
        "off ½ on average."
    )
    return Figure(drawn, caption, numbers, seconds=0.16)


def _frame(
    step: int, p_r: Tensor, p_g: Tensor, d: Tensor, best: Tensor, ways: Tensor, found: dict[str, float]
) -> Sheet:
    drawn = sheet(1, 2, width=5.8, height=2.6)
    above, below = drawn.axes
    x = X.numpy()
    above.fill_between(x, p_r, color=BLUE, alpha=0.3, linewidth=0, label="data $p_r$")
    above.step(x, p_g, where="mid", color=ORANGE, label="generator $p_g$")
    seen = p_r + p_g > 1e-4  # elsewhere nobody asks D
    above.plot(x[seen], best[seen], ".", color=GRAY, markersize=4, label="D* = $p_r/(p_r + p_g)$")
    above.plot(x, d, color=GREEN, label="D")
    above.axhline(0.5, color=GRAY, lw=0.8, ls=":")
    above.set(title=f"step {step:,}", ylabel="density, D(x)", xlim=(LOW, HIGH), ylim=(0, 1.1))
    drawn.legend(*above.get_legend_handles_labels(), loc="outside upper center", ncols=4, fontsize=8, frameon=False)
    _draw_map(below, ways)
    caption = (
        f"E|D − D*| = {found['distance']:.3f}, E|D − ½| = {found['|D − ½|']:.3f}, W₁ = {found['W₁']:.3f}, "
        f"2 JS − log 4 = −{-found['value']:.3f} (at best −1.386)"
    )
    return print_sheet(drawn, caption)


def _draw_map(axes: Axes, ways: Tensor) -> None:
    """Draw where evenly spaced z go, as the paper does below its densities."""
    for z, x in zip(Z.tolist(), ways.tolist(), strict=True):
        axes.annotate(
            "", (x, 1), (z, 0), arrowprops={"arrowstyle": "->", "color": ORANGE, "lw": 0.7, "shrinkA": 0, "shrinkB": 0}
        )
    axes.set(xlim=(LOW, HIGH), ylim=(0, 1), xlabel="z (evenly spaced) below, x = G(z) above")
    axes.set_yticks([0, 1], ["z", "x"])
