"""The adversarial losses as curves."""

from __future__ import annotations

import torch
from torch import Tensor

from gansmith.figures.figure import AMBER, BLUE, GREEN, ORANGE, PURPLE, Figure, print_sheet, sheet
from gansmith.terms import LOSSES
from gansmith.terms.losses import Loss

COLOURS = {
    "minimax": ORANGE,
    "nonsaturating": BLUE,
    "least-squares": GREEN,
    "hinge": PURPLE,
    "wasserstein": AMBER,
}
BROAD = {"minimax", "hinge"}  # drawn broad and pale, since the next one shares one of their costs


def discriminator_costs(loss: Loss, scores: Tensor) -> Tensor:
    """Return the discriminator's cost where real samples score s and fakes −s, for every s (N,)."""
    return torch.stack([loss.discriminator(score, -score) for score in scores])


def generator_costs(loss: Loss, scores: Tensor) -> tuple[Tensor, Tensor]:
    """Return the generator's cost of a fake with each score (N,), and its slope there."""
    scores = scores.clone().requires_grad_()
    costs = torch.stack([loss.generator(score, score) for score in scores])
    (slopes,) = torch.autograd.grad(costs.sum(), scores)
    return costs.detach(), slopes


def losses() -> Figure:
    """What each adversarial loss costs either player, and how hard it pulls a fake, by the fake's score."""
    scores = torch.linspace(-6, 6, 241, dtype=torch.float64)
    drawn = sheet(3, width=4.1)
    judge, cost, pull = drawn.axes
    for name, colour in COLOURS.items():
        width, alpha = (4, 0.5) if name in BROAD else (1.5, 1)
        costs, slopes = generator_costs(LOSSES.ours[name](), scores)
        for axes, values in ((judge, discriminator_costs(LOSSES.ours[name](), scores)), (cost, costs), (pull, -slopes)):
            axes.plot(scores, values, color=colour, linewidth=width, alpha=alpha, label=name)
    judge.set(title="D's cost, real at s and fakes at −s", xlabel="score s", ylabel="cost", ylim=(-4, 10))
    cost.set(title="G's cost of a fake with score s", xlabel="score s of G(z)", ylabel="cost", ylim=(-7, 10))
    pull.set(title="How hard G is pulled up", xlabel="score s of G(z)", ylabel="−dcost/ds", ylim=(-2, 4))
    pull.legend(loc="upper right")
    bad, good = torch.tensor([-4.0, 4.0], dtype=torch.float64)
    pulls = {
        name: [-float(generator_costs(LOSSES.ours[name](), s.reshape(1))[1]) for s in (bad, good)] for name in COLOURS
    }
    found = "; ".join(f"{name} {low:.3f} and {high:.3f}" for name, (low, high) in pulls.items())
    caption = (
        (
            "D = σ(s) in minimax and non-saturating; least squares, hinge and Wasserstein take s as it is. "
            "Minimax: log(1 − D); non-saturating: −log D; least squares: ½ (s − 1)²; both others: −s.\n"
            f"Pull at s = −4, a fake that is seen through, and at s = 4, one that passes: {found}. "
            "Least squares pulls those back that pass too well; cross entropy lets them go."
        )
        .replace("-0.", "−0.")
        .replace("-3.", "−3.")
    )
    numbers = {
        f"{name} at {at}": value for name, both in pulls.items() for at, value in zip((-4, 4), both, strict=True)
    }
    return Figure([print_sheet(drawn, caption)], caption, numbers)
