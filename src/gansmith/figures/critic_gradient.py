"""Where a best critic points: along the way from a fake to the real sample it is coupled with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from gansmith.data.toys import Toy
from gansmith.figures.figure import BLUE, GRAY, GREEN, ORANGE, Figure, print_sheet, sheet
from gansmith.figures.play import play
from gansmith.recipes import recipe
from gansmith.settings.ranges import Count, Seed
from gansmith.theory.transport import best_critic, optimal_plan

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHIFT = (3.0, 1.0)
KS = (0.5, 1.0, 2.0, 5.0)
ALONG = torch.linspace(0.02, 0.98, 25, dtype=torch.float64)


def extended(places: Tensor, values: Tensor, at: Tensor) -> Tensor:
    """Return f(u) = min over i of fᵢ + ‖u − pᵢ‖, 1-Lipschitz, and fᵢ at pᵢ if the fᵢ are (McShane 1934).

    Args:
        places: (N, D).
        values: (N,).
        at: (M, D).

    >>> extended(torch.tensor([[0.0], [2.0]]), torch.tensor([0.0, 2.0]), torch.tensor([[1.5], [3.0]])).tolist()
    [1.5, 3.0]
    """
    least: Tensor = (values + torch.cdist(at, places)).min(dim=1).values
    return least


def coupled(points: int, seed: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return fakes and their real partners in the cheapest plan, (N, 2) each, and the best critic's values at both."""
    rng = torch.Generator().manual_seed(seed)
    fake = 0.6 * torch.randn(points, 2, generator=rng, dtype=torch.float64)
    angles = torch.arange(points, dtype=torch.float64) * (2 * torch.pi / points)
    real = 2.5 * torch.stack([angles.cos(), angles.sin()], dim=1)
    mass = torch.full((points,), 1 / points, dtype=torch.float64)
    partner = optimal_plan(mass, mass, torch.cdist(fake, real)).argmax(dim=1)
    critic = best_critic(mass, mass, real, fake)
    return fake, real[partner], critic.at_y, critic.at_x[partner]


def critic_gradient(points: Count = 10, seed: Seed = 3) -> Figure:
    """Where a best critic points: along the way from a fake to its real partner, with slope 1 (or K).

    Args:
        points: fakes, and as many real samples.
        seed: of all random numbers.
    """
    fake, real, f_fake, f_real = coupled(points, seed)
    places, values = torch.cat([fake, real]), torch.cat([f_fake, f_real])
    drawn = sheet(4, width=3.7, height=3.7)
    off = _draw_plan(drawn.axes[0], fake, real, places, values)
    bend = _draw_along(drawn.axes[1], fake, real, places, values)
    trained = _draw_trained(drawn.axes[2])
    duals = _draw_scaled(drawn.axes[3], fake, real)
    w1 = float((real - fake).norm(dim=1).mean())
    numbers = {"1 − cosine, most": off, "off a straight line": bend, "W₁": w1} | trained
    numbers |= {f"dual at K = {k:g}": value for k, value in duals.items()}
    caption = (
        f"Left: {points} fakes x, real samples y on a ring, the cheapest plan between them, and the gradient of the "
        "best "
        "critic (a linear program) at points between: it is (y − x)/‖y − x‖ at all of them (1 − cosine: "
        f"{'below 1e-12' if off < 1e-12 else f'{off:.1g} at most'}). Second: "
        "along each way f rises by its whole length, slope 1. Third: WGAN-GP's critic where real = fake + (3, 1): mean "
        f"cosine {trained['trained cosine']:.3f}, mean length {trained['trained norm']:.3f} (the best is 1 + W₁/2λ = "
        f"{1 + 10**0.5 / 20:.3f}). Right: the best K-Lipschitz critic earns K W₁; over K it is W₁ = {w1:.4f} for every "
        "K. After Gulrajani et al. 2017, proposition 1."
    )
    return Figure([print_sheet(drawn, caption)], caption, numbers)


def _draw_plan(axes: Axes, fake: Tensor, real: Tensor, places: Tensor, values: Tensor) -> float:
    t = ALONG[4::4, None, None]
    between = ((1 - t) * fake + t * real).flatten(0, 1).requires_grad_()
    (slope,) = torch.autograd.grad(extended(places, values, between).sum(), between)
    ways = (real - fake) / (real - fake).norm(dim=1, keepdim=True)
    cosine = torch.nn.functional.cosine_similarity(slope, ways.repeat(len(t), 1))
    for x, y in zip(fake, real, strict=True):
        axes.plot(*torch.stack([x, y]).T, color=GRAY, lw=0.8)
    axes.quiver(*between.detach().T, *slope.T, color=GREEN, width=0.006, scale=12)
    axes.plot(*fake.T, "o", color=ORANGE, ms=4, label="fake x")
    axes.plot(*real.T, "o", color=BLUE, ms=4, label="real y")
    axes.set(aspect="equal", xlim=(-3.2, 3.2), ylim=(-3.2, 3.9))
    axes.set_title("∇f between coupled points", fontsize=10)
    axes.legend(fontsize=8, frameon=False, ncols=2, loc="upper center")
    return float((1 - cosine).max())


def _draw_along(axes: Axes, fake: Tensor, real: Tensor, places: Tensor, values: Tensor) -> float:
    worst = 0.0
    for x, y in zip(fake, real, strict=True):
        way = float((y - x).norm())
        f = extended(places, values, x + ALONG[:, None] * (y - x)) - extended(places, values, x[None])
        axes.plot(ALONG * way, f, color=GREEN, alpha=0.7)
        worst = max(worst, float((f - ALONG * way).abs().max()))
    axes.axline((0, 0), slope=1, color=GRAY, ls=":", label="slope 1")
    axes.set(xlabel="t ‖y − x‖", ylabel="f(x_t) − f(x)".replace("x_t", "$x_t$"))
    axes.set_title("f along the ways", fontsize=10)
    axes.legend(fontsize=8, frameon=False)
    return worst


def _draw_trained(axes: Axes) -> dict[str, float]:
    shift = torch.tensor(SHIFT)

    def sample(count: int, rng: torch.Generator) -> Tensor:
        return 0.3 * torch.randn(count, 2, generator=rng) + shift

    settings = {
        "gradient_penalty": 10.0,
        "latent": 2,
        "noise": "normal",
        "noise_scale": 0.3,
        "hidden": 64,
        "lr_discriminator": 2e-3,
    }
    settings |= {"lr_generator": 0.0, "steps": 80, "n_critic": 5, "batch": 128}
    critic = play(recipe("wgan-gp", **settings), Toy("moved", (2,), sample), held=True).game.networks["discriminator"]
    rng = torch.Generator().manual_seed(1)
    fake = 0.3 * torch.randn(60, 2, generator=rng)
    at = (fake + torch.rand(60, 1, generator=rng) * shift).requires_grad_()
    (slope,) = torch.autograd.grad(critic(at).logits.sum(), at)
    axes.quiver(*at.detach().T, *slope.T, color=GREEN, width=0.005, scale=16)
    axes.plot(*fake.T, ".", color=ORANGE, label="fake")
    axes.plot(*(fake + shift).T, ".", color=BLUE, label="real = fake + (3, 1)")
    axes.set(aspect="equal", xlim=(-1.2, 4.4), ylim=(-2.2, 3.4))
    axes.set_title("a trained critic's gradient", fontsize=10)
    axes.legend(fontsize=8, frameon=False, loc="upper left")
    return {
        "trained cosine": float(torch.nn.functional.cosine_similarity(slope, shift[None]).mean()),
        "trained norm": float(slope.norm(dim=1).mean()),
    }


def _draw_scaled(axes: Axes, fake: Tensor, real: Tensor) -> dict[float, float]:
    """Draw what K-Lipschitz critics earn, which are 1-Lipschitz ones of places K times as far apart."""
    mass = torch.full((len(fake),), 1 / len(fake), dtype=torch.float64)
    found = {k: best_critic(mass, mass, k * real, k * fake).value for k in KS}
    axes.plot(KS, list(found.values()), "o-", color=ORANGE, label="sup over K-Lipschitz f")
    axes.plot(KS, [value / k for k, value in found.items()], "o-", color=BLUE, label="the same over K: W₁")
    axes.set(xlabel="K", ylabel="E f(y) − E f(x)")
    axes.set_title("K-Lipschitz critics", fontsize=10)
    axes.legend(fontsize=8, frameon=False)
    return {k: value / k for k, value in found.items()}
