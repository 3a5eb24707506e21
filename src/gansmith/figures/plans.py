"""Plans of a lecture: two that cost the same, and two that do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from gansmith.figures.figure import BLUE, GRAY, GREEN, ORANGE, Figure, print_sheet, sheet
from gansmith.settings.ranges import Count, Seed
from gansmith.theory.plans import Lesson, Weighed, all_to_the_right, random_plan, weigh, well_and_badly_matched

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plans(draws: Count = 200, seed: Seed = 0) -> Figure:
    """Two plans of a lecture that cost 42, as every plan of their table does, and a pair that is matched 2 or 6.

    Args:
        draws: plans that are drawn at random.
        seed: of all random numbers.
    """
    table, pair = all_to_the_right(), well_and_badly_matched()
    costs = {name: _weigh(table, plan).cost for name, plan in table.plans.items()}
    costs |= {name: _weigh(pair, plan).cost for name, plan in pair.plans.items()}
    rng = torch.Generator().manual_seed(seed)
    others = [random_plan(table.p, table.q, rng) for _ in range(draws)]
    found = [_weigh(table, plan).cost for plan in others]
    drawn = sheet(4, width=3.5, height=3.4)
    for axes, (name, plan) in zip(drawn.axes, table.plans.items(), strict=False):
        _draw_table(axes, table, plan, f"{name}: Σ γ |x − y| = {costs[name]:g}")
    _draw_others(drawn.axes[2], found)
    _draw_pair(drawn.axes[3], pair, costs)
    different = len({tuple(plan.flatten().tolist()) for plan in others})
    numbers = costs | {"cheapest of many": min(found), "dearest of many": max(found), "different": float(different)}
    caption = (
        f"Left: both plans cost {costs['γ₁']:g}, and so do all of {draws} plans drawn at random, {different} different "
        "ones. Every box that holds earth lies left of every box that wants some, so |x − y| = y − x and the cost is "
        f"Σ q y − Σ p x = {float(table.q @ table.y[:, 0]):g} − {float(table.p @ table.x[:, 0]):g}, whatever γ is. "
        "Right: "
        "boxes at 0 and 4, targets at 1 and 3: where ways cross, plans differ."
    )
    return Figure([print_sheet(drawn, caption)], caption, numbers)


def _weigh(lesson: Lesson, plan: Tensor) -> Weighed:
    return weigh(plan, lesson.p, lesson.q, torch.cdist(lesson.x, lesson.y))


def _draw_table(axes: Axes, lesson: Lesson, plan: Tensor, title: str) -> None:
    axes.imshow(plan.numpy(), cmap="Blues", vmin=0, vmax=4, aspect="auto")
    for (i, j), mass in np.ndenumerate(plan.numpy()):
        axes.text(j, i, f"{mass:g}", ha="center", va="center", color="black" if mass else GRAY)
    axes.set_xticks(range(len(lesson.q)), [f"{y:g}\n({q:g})" for y, q in zip(lesson.y[:, 0], lesson.q, strict=True)])
    axes.set_yticks(range(len(lesson.p)), [f"{x:g} ({p:g})" for x, p in zip(lesson.x[:, 0], lesson.p, strict=True)])
    axes.set(xlabel="to y (wanted)", ylabel="from x (there)")
    axes.set_title(title, fontsize=10)
    axes.grid(False)
    axes.spines[:].set_visible(False)


def _draw_others(axes: Axes, found: list[float]) -> None:
    axes.hist(found, bins=np.arange(38.5, 46.5).tolist(), color=BLUE, rwidth=0.8)
    axes.set(xlabel="cost of a plan drawn at random", ylabel="plans", xlim=(38.5, 45.5))
    axes.set_title("every plan costs the same", fontsize=10)


def _draw_pair(axes: Axes, pair: Lesson, costs: dict[str, float]) -> None:
    for (name, plan), height, colour in zip(pair.plans.items(), (1.0, 0.0), (GREEN, ORANGE), strict=True):
        for i, j in plan.nonzero().tolist():
            x, y = float(pair.x[i, 0]), float(pair.y[j, 0])
            bend = 0.0 if name == "well" else (0.35 if i else -0.35)
            style = {"arrowstyle": "-|>", "color": colour, "lw": 2, "connectionstyle": f"arc3,rad={bend}"}
            axes.annotate("", (y, height), (x, height), arrowprops=style)
        axes.plot(pair.x[:, 0], [height] * 2, "s", color=BLUE, ms=11)
        axes.plot(pair.y[:, 0], [height] * 2, "s", mfc="white", mec=BLUE, ms=11, mew=1.5)
        parts = " + ".join(f"{abs(float(pair.x[i, 0] - pair.y[j, 0])):g}" for i, j in plan.nonzero().tolist())
        axes.text(
            2,
            height + (0.2 if name == "well" else 0.42),
            f"matched {name}: {parts} = {costs[name]:g}",
            ha="center",
            color=colour,
        )
    axes.set(xlim=(-0.6, 4.6), ylim=(-0.6, 1.6), xlabel="■ there   □ wanted")
    axes.set_yticks([])
    axes.set_title("where plans differ", fontsize=10)
