"""Earth movers: a plan and a worse one, and the critic that proves the first to be the best."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from gansmith.data.toys import Toy, mixture, normal
from gansmith.figures.figure import BLUE, GRAY, GREEN, ORANGE, Figure, print_sheet, sheet, typeset
from gansmith.figures.play import play
from gansmith.recipes.composition import change
from gansmith.recipes.wgan_gp import wgan_gp
from gansmith.settings import Count
from gansmith.theory.line import wasserstein_line
from gansmith.theory.transport import Table, best_critic, optimal_plan, plan_cost, table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CRITIC: dict[str, Any] = {
    "latent": 1,
    "noise_scale": 0.5,
    "hidden": 64,
    "gradient_penalty": 100.0,
    "one_sided": True,
    "lr_generator": 0.0,
    "lr_discriminator": 3e-3,
    "n_critic": 10,
    "steps": 120,
    "batch": 256,
    "schedule": "cosine",
}
"""WGAN-GP's critic alone. Only slopes above 1 are punished (Petzka et al. 2018, arXiv 1709.08894): pulled to 1 from
both sides it cannot turn round at the generator's peak, and runs straight through."""


def transport(steps: Count = CRITIC["steps"]) -> Figure:
    """Earth mover's distance: two plans for one table, and its dual as a linear program and as a trained critic.

    Args:
        steps: of the trained critic.
    """
    boxes = table()
    cost = torch.cdist(boxes.x, boxes.y)
    good, bad = (plan_cost(plan, boxes.p, boxes.q, cost) for plan in (boxes.good, boxes.bad))
    best = plan_cost(optimal_plan(boxes.p, boxes.q, cost), boxes.p, boxes.q, cost)
    dual = best_critic(boxes.p, boxes.q, boxes.x, boxes.y).value
    line = on_the_line(steps=steps)
    drawn = sheet(3, width=4.1, height=3.9)
    _draw_plan(drawn.axes[0], boxes, boxes.good, f"An optimal plan γ: {good:.1f}")
    _draw_plan(drawn.axes[1], boxes, boxes.bad, f"Another plan: {bad:.1f}")
    _draw_critics(drawn.axes[2], line)
    numbers = {"table": best, "table dual": dual, "good plan": good, "bad plan": bad} | dict(line.numbers)
    caption = (
        "W₁(P_r, P_θ) = min over plans γ of Σ γᵢⱼ |xᵢ − yⱼ| = max over 1-Lipschitz f of E_r f − E_θ f. "
        f"The table: POT finds {best:.4f}, the linear program for f {dual:.4f}.\n"
        f"On the line: ∫ |F_r − F_θ| = {line.numbers['line']:.4f}, linear program {line.numbers['line dual']:.4f}, "
        f"trained critic {line.numbers['line trained']:.4f} with slopes up to {line.numbers['greatest slope']:.3f}; "
        f"divided by that slope it is a proof that W₁ ≥ {line.numbers['line proven']:.4f}."
    )
    return Figure([print_sheet(drawn, caption)], caption, numbers)


@dataclass(frozen=True)
class Line:
    """Two Gaussians against one between them, and two critics of the pair."""

    x: Tensor
    """(N,) middles of a grid's cells."""
    p: Tensor
    q: Tensor
    """(N,) probabilities of the cells."""
    best: Tensor
    trained: Tensor
    """(N,) critics at x."""
    numbers: Mapping[str, float]


def on_the_line(cell: float = 0.1, steps: int = CRITIC["steps"]) -> Line:
    """Return the dual on the line as a linear program and as WGAN-GP's critic, trained on samples alone."""
    data = mixture(torch.tensor([[-2.0], [2.0]]), 0.5, "two Gaussians on the line")
    noise = normal(0.0, 0.5)
    x = torch.arange(-4 + cell / 2, 4, cell, dtype=torch.float64).unsqueeze(1)
    p, q = _masses(data, x), _masses(noise, x)
    solved = best_critic(p, q, x, x)
    critic = play(change(wgan_gp(), CRITIC | {"steps": steps}), data, held=True).game.networks["discriminator"]
    with torch.no_grad():
        trained = critic(x.float()).logits.double()
    gap, slope = float((p - q) @ trained), float(trained.diff().abs().max() / cell)
    numbers = {
        "line": wasserstein_line(x[:, 0], p, q),
        "line dual": solved.value,
        "line trained": gap,
        "greatest slope": slope,
        "line proven": gap / max(slope, 1.0),
    }
    return Line(x[:, 0], p, q, solved.at_x, trained, numbers)


def _masses(toy: Toy, x: Tensor) -> Tensor:
    assert toy.log_density is not None
    return torch.softmax(toy.log_density(x), dim=0)


def _draw_plan(axes: Axes, boxes: Table, plan: Tensor, title: str) -> None:
    axes.imshow(plan.numpy(), cmap="Blues", vmin=0, vmax=0.6, aspect="auto")
    for (i, j), mass in np.ndenumerate(plan.numpy()):
        axes.text(j, i, f"{mass:.1f}" if mass else "0", ha="center", va="center", color="black" if mass else GRAY)
    axes.set_xticks(range(len(boxes.q)), [f"{y:.0f}\n{q:.1f}" for y, q in zip(boxes.y[:, 0], boxes.q, strict=True)])
    axes.set_yticks(range(len(boxes.p)), [f"{x:.0f}: {p:.1f}" for x, p in zip(boxes.x[:, 0], boxes.p, strict=True)])
    axes.set(title=title, xlabel="box of $P_\\theta$ and what it wants", ylabel="box of $P_r$: what it holds")
    axes.grid(False)
    axes.spines[:].set_visible(False)


def _draw_critics(axes: Axes, line: Line) -> None:
    x = line.x.numpy()
    for mass, colour, name in ((line.p, BLUE, "$p_r$"), (line.q, ORANGE, "$p_\\theta$")):
        axes.fill_between(x, mass / (x[1] - x[0]), color=colour, alpha=0.25, linewidth=0, label=name)
    for f, colour, width, name in ((line.best, GRAY, 4, "linear program"), (line.trained, GREEN, 1.5, "trained")):
        axes.plot(x, f - line.q @ f, color=colour, linewidth=width, label=f"$f$, {name}")
    axes.set(title="Two critics on the line", xlabel="x", ylabel=typeset("density, f(x) − E_θ f"), ylim=(-0.6, 5))
    axes.legend(loc="upper center", ncols=2)
