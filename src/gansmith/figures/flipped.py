"""The same game with its labels flipped, and a hinge that never bites."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from gansmith.data.toys import normal
from gansmith.figures.figure import BLUE, GRAY, GREEN, ORANGE, PURPLE, Figure, print_sheet, sheet
from gansmith.objectives.losses import cross_entropy, flipped_view, hinge_discriminator, margin_discriminator
from gansmith.settings.ranges import Count

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ETA = 0.3


def turned(flip: bool, steps: int) -> Tensor:
    """Return the weights (a, c) of D(x) = σ(ax + c) and the shift θ of G(z) = z + θ at every step, (steps + 1, 3).

    With `flip` fakes are labelled 1 and real samples 0, in both players' costs. Plain gradient steps in turn, on the
    same samples of N(5, 1) and N(0, 1).
    """
    data, rng, sign = normal(), torch.Generator().manual_seed(0), -1.0 if flip else 1.0
    w = torch.zeros(3, dtype=torch.float64)
    w[0] = sign * 0.1
    seen = [w.clone()]
    for _ in range(steps):
        x = data.sample(64, rng).double() / 5
        z = torch.randn(64, 1, generator=rng, dtype=torch.float64) / 5
        for player in (slice(0, 2), slice(2, 3)):
            at = w.clone().requires_grad_()
            real, fake = at[0] * x + at[1], at[0] * (z + at[2]) + at[1]
            if player.stop == 2:
                cost = cross_entropy(real, 0.0 if flip else 1.0) + cross_entropy(fake, 1.0 if flip else 0.0)
            else:
                cost = cross_entropy(fake, 0.0 if flip else 1.0)
            (slope,) = torch.autograd.grad(cost, at)
            w[player] -= ETA * slope[player]
        seen.append(w.clone())
    return torch.stack(seen)


def flipped(steps: Count = 200) -> Figure:
    """Labels flipped, fake = 1 and real = 0: the same steps with the score's sign turned; a margin that never bites.

    Args:
        steps: of either game.
    """
    usual, other = turned(False, steps), turned(True, steps)
    apart = (usual - other * torch.tensor([-1.0, -1.0, 1.0])).abs().max()
    drawn = sheet(3, width=4.3, height=3.7)
    _draw_steps(drawn.axes[0], usual, other)
    scores = torch.linspace(-5, 5, 401, dtype=torch.float64)
    margin = _slopes(margin_discriminator, scores)
    hinge = _slopes(hinge_discriminator, scores)
    _draw_hinges(drawn.axes[1], scores)
    _draw_slopes(drawn.axes[2], scores, margin, hinge)
    one = torch.zeros(1, dtype=torch.float64)
    at = [float(margin_discriminator(s + one, -s + one)) for s in scores]
    f = flipped_view(scores)
    linear = [float(2 + a - b) for a, b in zip(f, f.flip(0), strict=True)]
    numbers = {
        "steps apart": float(apart),
        "margin off 2 + E f(x) − E f(G)": max(abs(a - b) for a, b in zip(at, linear, strict=True)),
        "margin's least slope": float(-margin.max()),
        "hinge's share without slope": float((hinge == 0).double().mean()),
    }
    told = f"to {float(apart):.0e}" if apart else "bit for bit"
    caption = (
        f"Left: N(5, 1) from N(0, 1), in units of 5; {steps} steps with real = 1 and with fake = 1: D's weights are "
        "each other's negatives and G's shift is the "
        f"same, {told}. Middle and right: with f = 2D − 1 in [−1, 1] the hinges max(0, 1 + f) and "
        "max(0, 1 − f) never reach 0, so the margin loss is 2 + E f(x) − E f(G(z)) and has a slope at every score "
        "(fading as σ saturates); on scores without bounds the hinge lets go of what is beyond 1."
    )
    return Figure([print_sheet(drawn, caption)], caption, numbers)


def _slopes(loss: object, scores: Tensor) -> Tensor:
    """Return dcost/ds of the real half of a discriminator's cost, by the score of a real sample."""
    s = scores.clone().requires_grad_()
    costs = torch.stack([loss(one.reshape(1), torch.zeros(1, dtype=torch.float64)) for one in s])  # type: ignore[operator]
    (slope,) = torch.autograd.grad(costs.sum(), s)
    return slope


def _draw_steps(axes: Axes, usual: Tensor, other: Tensor) -> None:
    axes.plot(usual[:, 0], color=BLUE, lw=4, alpha=0.4, label="a, real = 1")
    axes.plot(other[:, 0], color=ORANGE, label="a, fake = 1")
    axes.plot(-other[:, 0], color=BLUE, ls=":", label="−a, fake = 1")
    axes.plot(usual[:, 2], color=GREEN, lw=4, alpha=0.4, label="θ, real = 1")
    axes.plot(other[:, 2], color=GREEN, ls=":", label="θ, fake = 1")
    axes.set(xlabel="steps", ylabel="D(x) = σ(ax + c), G(z) = z + θ")
    axes.set_title("one game, two ways to label", fontsize=10)
    axes.legend(fontsize=7.5, frameon=False)


def _draw_hinges(axes: Axes, scores: Tensor) -> None:
    f = flipped_view(scores)
    axes.plot(scores, (1 + f).clamp_min(0), color=PURPLE, label="max(0, 1 + f(x)), f = 2D − 1")
    axes.plot(scores, (1 - scores).clamp_min(0), color=GRAY, label="hinge, max(0, 1 − s)")
    axes.set(xlabel="score s of a real sample (high is real)", ylabel="D's cost", ylim=(-0.2, 4))
    axes.set_title("D's cost of a real sample", fontsize=10)
    axes.legend(fontsize=8, frameon=False)


def _draw_slopes(axes: Axes, scores: Tensor, margin: Tensor, hinge: Tensor) -> None:
    axes.plot(scores, -margin, color=PURPLE, label="margin on f")
    axes.plot(scores, -hinge, color=GRAY, label="hinge on s")
    axes.set(xlabel="score s of a real sample", ylabel="−dcost/ds", ylim=(-0.05, 1.3))
    axes.set_title("how hard D is pulled", fontsize=10)
    axes.legend(fontsize=8, frameon=False)
