"""Mutual information of a table, and the bound that a recogniser gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np
import torch
from torch import Tensor

from gansmith.figures.figure import BLUE, GRAY, GREEN, ORANGE, PURPLE, Figure, print_sheet, sheet
from gansmith.settings.ranges import Range
from gansmith.theory.information import bound, conditional_entropy, entropy, mutual_information, posterior

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CODES = 3


def joint_table(noise: float) -> Tensor:
    """Return P(c, x) of three equally likely codes, each drawn as its own x, but with this chance as any of the three.

    >>> joint_table(0.3)[0]
    tensor([0.2667, 0.0333, 0.0333], dtype=torch.float64)
    """
    own, any_ = torch.eye(CODES, dtype=torch.float64), torch.full((CODES, CODES), 1 / CODES, dtype=torch.float64)
    return ((1 - noise) * own + noise * any_) / CODES


def information(noise: Annotated[float, Range(least=0, most=1)] = 0.3) -> Figure:
    """H(c), H(c|x) and I(c; x) of a table, and the variational bound: tight at the posterior, loose elsewhere.

    Args:
        noise: how often x is any code instead of its own, in [0, 1].
    """
    joint = joint_table(noise)
    true = posterior(joint)
    wrong = true.roll(1, dims=0)
    numbers = {
        "H(c)": entropy(joint.sum(1)),
        "H(c|x)": conditional_entropy(joint),
        "I(c; x)": mutual_information(joint),
        "bound at the posterior": bound(joint, true),
        "bound of a guess": bound(joint, torch.full_like(true, 1 / CODES)),
        "bound of another's posterior": bound(joint, _sharpened(wrong)),
    }
    drawn = sheet(3, width=4.3, height=3.6)
    _draw_joint(drawn.axes[0], joint)
    _draw_parts(drawn.axes[1])
    _draw_bound(drawn.axes[2], joint, numbers)
    caption = (
        f"Left: P(c, x), three codes, x shows another one by chance ({noise:g} of the time any). H(c) = "
        f"{numbers['H(c)']:.4f} nats, H(c|x) = {numbers['H(c|x)']:.4f}, I(c; x) = H(c) − H(c|x) = "
        f"{numbers['I(c; x)']:.4f}.\nRight: E log Q(c|x) + H(c) for Q(c|x) proportional to P(c|x)^t: "
        f"{numbers['bound at the posterior']:.4f} at t = 1, where Q is the posterior, "
        f"{abs(numbers['bound of a guess']):.4f} for "
        "a Q that guesses (t = 0), and below 0 for one that is too sure. It is short of I(c; x) by E KL(P(c|x)‖Q(c|x))."
    )
    return Figure([print_sheet(drawn, caption)], caption, numbers)


def _sharpened(q: Tensor, power: float = 1.0) -> Tensor:
    """Return columns proportional to q to a power."""
    return torch.softmax(power * q.clamp_min(1e-12).log(), dim=0)


def _draw_joint(axes: Axes, joint: Tensor) -> None:
    axes.imshow(joint.numpy(), cmap="Blues", vmin=0, vmax=0.4)
    for (i, j), mass in np.ndenumerate(joint.numpy()):
        axes.text(j, i, f"{mass:.3f}", ha="center", va="center")
    axes.set_xticks(range(CODES), [f"x = {j}" for j in range(CODES)])
    axes.set_yticks(range(CODES), [f"c = {i}" for i in range(CODES)])
    axes.grid(False)
    axes.spines[:].set_visible(False)
    axes.set_title("P(c, x)", fontsize=10)


def _draw_parts(axes: Axes) -> None:
    chances = np.linspace(0, 1, 101)
    tables = [joint_table(float(chance)) for chance in chances]
    axes.plot(chances, [entropy(t.sum(1)) for t in tables], color=GRAY)
    axes.plot(chances, [conditional_entropy(t) for t in tables], color=ORANGE)
    axes.plot(chances, [mutual_information(t) for t in tables], color=BLUE)
    for x, y, name, colour in (
        (0.36, 1.12, "H(c) = log 3", GRAY),
        (0.66, 0.83, "H(c|x)", ORANGE),
        (0.62, 0.2, "I(c; x)", BLUE),
    ):
        axes.text(x, y, name, color=colour)
    axes.set(xlabel="chance that x shows any code", ylabel="nats", ylim=(-0.05, 1.25))
    axes.set_title("what x tells of c", fontsize=10)


def _draw_bound(axes: Axes, joint: Tensor, numbers: dict[str, float]) -> None:
    true, powers = posterior(joint), np.linspace(0, 4, 161)
    axes.plot(powers, [bound(joint, _sharpened(true, float(t))) for t in powers], color=GREEN, label="E log Q + H(c)")
    axes.axhline(numbers["I(c; x)"], color=BLUE, ls="--", lw=1, label="I(c; x)")
    axes.plot(1, numbers["bound at the posterior"], "o", color=GREEN)
    axes.annotate("Q = P(c|x)", (1, numbers["bound at the posterior"]), (0, 7), textcoords="offset points", ha="center")
    axes.plot(0, numbers["bound of a guess"], "o", color=PURPLE)
    axes.annotate("Q guesses", (0, numbers["bound of a guess"]), (7, -4), textcoords="offset points", color=PURPLE)
    top = max(numbers["I(c; x)"], 0.05)
    axes.set(xlabel="t: Q(c|x) proportional to P(c|x) to the t", ylabel="nats", ylim=(-0.35 * top - 0.05, 1.5 * top))
    axes.set_title("the bound", fontsize=10)
    axes.legend(fontsize=8, frameon=False, loc="lower left")
