"""Sigmoid cross entropy beside least squares: what is left to pull."""

from __future__ import annotations

import torch

from gansmith.figures.figure import BLUE, GREEN, ORANGE, Figure, print_sheet, sheet
from gansmith.figures.losses import generator_costs
from gansmith.settings import Positive
from gansmith.terms import LOSSES


def cross_entropy(at: Positive = 6.0) -> Figure:
    """The slopes of sigmoid cross entropy beside those of least squares: where either lets a fake go.

    Args:
        at: score s; slopes are read off at −s and s.
    """
    scores = torch.linspace(-8, 8, 321, dtype=torch.float64)
    drawn = sheet(2, width=4.8, height=3.6)
    names = {
        "minimax": ("log(1 − σ(s))", ORANGE),
        "nonsaturating": ("−log σ(s)", BLUE),
        "least-squares": ("½ (s − 1)²", GREEN),
    }
    numbers: dict[str, float] = {}
    for name, (formula, colour) in names.items():
        costs, slopes = generator_costs(LOSSES.ours[name](), scores)
        drawn.axes[0].plot(scores, costs, color=colour, label=formula)
        drawn.axes[1].plot(scores, slopes.abs(), color=colour, label=formula)
        flat = slopes.abs() < 0.01
        numbers[f"{name}: share flat"] = float(flat.double().mean())
        for s in (-at, at):
            _, slope = generator_costs(LOSSES.ours[name](), torch.tensor([s], dtype=torch.float64))
            numbers[f"{name} at {s:g}"] = float(slope)
    drawn.axes[0].set(xlabel="score s of G(z)", ylabel="G's cost", ylim=(-6, 15))
    drawn.axes[1].set(xlabel="score s of G(z)", ylabel="|dcost/ds|", yscale="log", ylim=(1e-4, 100))
    for axes, title in zip(drawn.axes, ("cost", "slope: what reaches G"), strict=True):
        axes.set_title(title, fontsize=10)
    drawn.axes[0].legend(fontsize=8, frameon=False, loc="upper center")  # inside the parabola
    drawn.axes[1].legend(fontsize=8, frameon=False, ncols=3, loc="upper center")
    flat_share = ", ".join(f"{name} {numbers[f'{name}: share flat']:.0%}" for name in names)
    pulled, let_go = numbers[f"least-squares at {at:g}"], abs(numbers[f"nonsaturating at {at:g}"])
    caption = (
        f"Share of the scores from −8 to 8 where the slope is below 0.01: {flat_share}. The cross entropy of a fake "
        "that "
        "passes, s ≫ 0, is flat, however far the fake is from the data; least squares is flat at s = 1 alone and pulls "
        f"it back: slope {pulled:g} at s = {at:g} against {let_go:.4f}. "
        "After Mao et al. 2017, figure 1."
    )
    return Figure([print_sheet(drawn, caption)], caption, numbers)
