"""Gradients that vanish: what is left for the generator when the discriminator is sure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated

import torch
from torch import Tensor

from gansmith.data.toys import normal
from gansmith.figures.figure import BLUE, GRAY, GREEN, ORANGE, Figure, print_sheet, sheet
from gansmith.figures.play import SMOOTH, Look, play
from gansmith.recipes.composition import change
from gansmith.recipes.normal1d import normal1d
from gansmith.settings.ranges import Range
from gansmith.terms import LOSSES
from gansmith.theory.saturation import PULLS
from gansmith.training.trainer import Trainer

Probability = Annotated[float, Range(above=0, below=0.7)]
COLOURS = {"minimax": ORANGE, "nonsaturating": BLUE, "least-squares": GREEN}
STEPS, MOVES = 60, 5
NOISE = {"noise": "normal", "noise_scale": 0.5}
STUDY = SMOOTH | NOISE | {"lr": 1e-3, "generator.lr": 0.0, "n_critic": MOVES, "steps": STEPS, "schedule": "constant"}


def gradients_while_d_learns() -> dict[str, list[float]]:
    """Return the generator's gradient by either loss, and the mean D(G(z)), as D learns against a fixed generator.

    Data N(5, 1), G(z) = z + θ with z ~ N(0, ¼) at θ = 0: |dcost/dθ| for the same D. Arjovsky, Bottou 2017, "Towards
    principled methods for training generative adversarial networks", arXiv 1701.04862, figure 2.
    """
    z = 0.5 * torch.randn(4096, 1, generator=torch.Generator().manual_seed(1))
    seen: dict[str, list[float]] = {"moves": [], "D": [], "minimax": [], "nonsaturating": []}

    def see(trainer: Trainer) -> None:
        game = trainer.game
        scores = game.networks["discriminator"](game.networks["generator"](z)).logits
        seen["moves"].append(trainer.steps_done * MOVES)
        seen["D"].append(float(torch.sigmoid(scores.detach()).mean()))
        for name in ("minimax", "nonsaturating"):
            cost: Tensor = LOSSES.ours[name]().generator(scores, scores)
            (slope,) = torch.autograd.grad(cost, list(game.networks["generator"].parameters()), retain_graph=True)
            seen[name].append(abs(float(slope)))

    play(change(normal1d(), STUDY), normal(), Look(range(STEPS + 1), see), held=True)
    return seen


def vanishing(d: Probability = 0.01) -> Figure:
    """Where D is sure of its fakes, log(1 − D) leaves the generator no gradient and −log D does.

    Args:
        d: D(G(z)) at which both costs and their slopes are read off.
    """
    seen = gradients_while_d_learns()
    drawn = sheet(3, width=4.1)
    costs, pulls, course = drawn.axes
    line = torch.logspace(-3, -0.001, 400, dtype=torch.float64)
    for name, pull in PULLS.items():
        colour, dashes = COLOURS[name], "--" if name == "least-squares" else "-"
        costs.plot(line, pull.cost(line), color=colour, label=name)
        pulls.plot(line, -pull.by_score(line), color=colour, label=name, linestyle=dashes)
        if name in seen:
            course.plot(seen["moves"], seen[name], color=colour, label=f"|dcost/dθ|, {name}")
    course.plot(seen["moves"], seen["D"], color=GRAY, linestyle=":", label="mean D(G(z))")
    sure = torch.tensor(d, dtype=torch.float64)
    for name in ("minimax", "nonsaturating"):
        value = PULLS[name].cost(sure).item()
        costs.plot(sure, value, "o", color=COLOURS[name])
        costs.annotate(
            f"{value:.4g}".replace("-", "−"), (1.3 * d, value + (0.2 if value > 0 else -0.8)), color=COLOURS[name]
        )
        pulls.plot(sure, -PULLS[name].by_score(sure), "o", color=COLOURS[name])
    for axes in (costs, pulls):
        axes.set_xscale("log")
    costs.set(title="G's cost", xlabel="D(G(z))", ylabel="cost", ylim=(-4, 7))
    pulls.set(title="What reaches G", xlabel="D(G(z))", ylabel="−dcost/dscore")
    course.set(
        title="While D learns, G held still",
        xlabel="moves of D",
        ylabel="|dcost/dθ|, and mean D(G(z))",
        yscale="log",
        ylim=(1e-5, 3),
    )
    costs.legend(loc="lower left")
    course.legend(loc="lower left")
    last = {name: values[-1] for name, values in seen.items()}
    caption = _caption(d, last)
    return Figure([print_sheet(drawn, caption)], caption, last)


def _caption(d: Probability, last: Mapping[str, float]) -> str:
    return (
        "Slope by the score: −D for log(1 − D), D − 1 for −log D, and D − 1 for least squares, whose D is the score "
        f"itself. At D(G(z)) = {d:g}: −log {d:g} = {-math.log(d):.4g} with slope −{1 - d:g}, log(1 − {d:g}) = "
        f"−{-math.log1p(-d):.4g} with slope −{d:g}.\n"
        f"Right: data N(5, 1), G(z) = z + θ held at N(0, ¼). After {last['moves']:.0f} moves of D, mean D(G(z)) is "
        f"{last['D']:.2g}; |dcost/dθ| is {last['minimax']:.2g} by minimax and {last['nonsaturating']:.2g} by "
        "non-saturating."
    )
