"""A GAN's discriminator beside a WGAN's critic, on two Gaussians that are far apart."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from gansmith.data.toys import normal
from gansmith.figures.figure import BLUE, GRAY, GREEN, ORANGE, Figure, print_sheet, sheet
from gansmith.figures.play import SMOOTH, play
from gansmith.figures.table import draw_table
from gansmith.recipes import recipe
from gansmith.recipes.composition import change
from gansmith.settings.ranges import Positive

JUDGES: dict[str, tuple[str, dict[str, Any]]] = {
    "discriminator": ("normal1d", SMOOTH | {"noise": "normal", "noise_scale": 1.0, "lr": 2e-3, "n_critic": 5}),
    "critic": (
        "wgan-gp",
        {"gradient_penalty": 10.0, "latent": 1, "hidden": 64, "lr_discriminator": 2e-3, "n_critic": 5, "batch": 256},
    ),
}
STEPS = 200
X = torch.linspace(-4, 14, 361)


def judged(which: str, distance: float) -> tuple[Tensor, Tensor]:
    """Return the scores at X, (361,), and the slopes dscore/dx at 1,000 fakes: data N(distance, 1), fakes N(0, 1)."""
    kind, changes = JUDGES[which]
    settings = changes | {"steps": STEPS, "generator.lr": 0.0, "schedule": "constant"}
    trained = play(change(recipe(kind), settings), normal(distance), held=True)
    judge = trained.game.networks["discriminator"]
    fakes = torch.randn(1000, 1, generator=torch.Generator().manual_seed(2)).requires_grad_()
    (slope,) = torch.autograd.grad(judge(fakes).logits.sum(), fakes)
    with torch.no_grad():
        return judge(X[:, None]).logits, torch.stack([slope[:, 0], judge(fakes).logits])


def gan_and_wgan(distance: Positive = 8.0) -> Figure:
    """D of a GAN beside a WGAN's critic on two distant Gaussians: what either leaves the generator.

    Args:
        distance: between the means of data and fakes.
    """
    scores, (d_slope, d_logit) = judged("discriminator", distance)
    values, (f_slope, _) = judged("critic", distance)
    d = torch.sigmoid(d_logit)
    pulls = {
        "log(1 − D)": float((d * d_slope).abs().mean()),
        "−log D": float(((1 - d) * d_slope).abs().mean()),
        "−f": float(f_slope.abs().mean()),
    }
    drawn = sheet(3, width=4.3, height=3.7)
    _draw_judges(drawn.axes[0], scores, values, distance)
    drawn.axes[1].bar(list(pulls), list(pulls.values()), color=[ORANGE, BLUE, GREEN], zorder=3)
    for i, pull in enumerate(pulls.values()):
        drawn.axes[1].annotate(f"{pull:.2g}", (i, pull), (0, 3), textcoords="offset points", ha="center")
    drawn.axes[1].set(yscale="log", ylabel="mean |dcost/dx| at the fakes", ylim=(min(pulls.values()) / 3, 30))
    drawn.axes[1].set_title("the generator's gradient", fontsize=10)
    _draw_updates(drawn.axes[2])
    numbers = {f"pull by {name}": pull for name, pull in pulls.items()}
    numbers |= {"D at fakes": float(d.mean()), "critic's slope": float(f_slope.mean())}
    numbers["pull by log(1 − D*)"] = best_pull(distance)
    caption = (
        f"Data N({distance:g}, 1), fakes N(0, 1), generator held, {STEPS * 5:,} moves of either judge. D is "
        f"{numbers['D at fakes']:.1g} at the fakes, and log(1 − D) leaves them {pulls['log(1 − D)']:.1g}. D* = "
        f"σ({distance:g}x − {distance**2 / 2:g}) is e^−{distance**2 / 2:g} at x = 0, their middle, and leaves them "
        f"{numbers['pull by log(1 − D*)']:.1g} in the mean, nearly all of it around x = {distance / 2:g}, where few "
        "are. WGAN-GP's critic is a ramp: its slope at the fakes is "
        f"{numbers['critic' + chr(39) + 's slope']:.2f} (1 + W₁/2λ = {1 + distance / 20:.2f}), wherever they are."
    )
    return Figure([print_sheet(drawn, caption)], caption, numbers)


def best_pull(distance: float) -> float:
    """Return E |dlog(1 − D*)/dx| over N(0, 1), D* = σ(distance x − distance²/2), which is distance times E D*.

    >>> round(best_pull(0.01), 6)  # D* is about ½, with hardly a slope
    0.005
    """
    x = torch.linspace(-12, 12, 24_001, dtype=torch.float64)
    weights = torch.softmax(-x.square() / 2, dim=0)
    return distance * float(weights @ torch.sigmoid(distance * x - distance**2 / 2))


def _draw_judges(axes: Any, scores: Tensor, values: Tensor, distance: float) -> None:
    for mean, colour, name in ((distance, BLUE, "data"), (0.0, ORANGE, "fakes")):
        axes.fill_between(X, torch.exp(-((X - mean) ** 2) / 2) / 2.5066, color=colour, alpha=0.3, lw=0, label=name)
    axes.plot(X, torch.sigmoid(scores), color=GRAY, label="GAN: D(x)")
    low, high = float(values.min()), float(values.max())
    axes.plot(X, (values - low) / (high - low), color=GREEN, label="WGAN: f(x), scaled")
    axes.set(xlabel="x", ylabel="density, D(x), f(x)", ylim=(0, 1.4))
    axes.set_title("two judges", fontsize=10)
    axes.legend(fontsize=8, frameon=False, ncols=2, loc="upper center")


def _draw_updates(axes: Any) -> None:
    rows = [
        ["judge's last layer", "σ(s)", "s"],
        ["judge goes up", "mean of log D(x)\n+ log(1 − D(G(z)))", "mean of f(x)\n− f(G(z))"],
        ["after its step", "nothing", "clip(w, −c, c), or\na penalty on ‖∇f‖"],
        ["steps of it", "k (1)", "n_critic (5)".replace("_", " ")],
        ["optimiser", "Adam, momentum", "RMSProp; Adam with\nβ₁ = 0 and a penalty"],
        ["G goes up", "mean of log D(G(z))", "mean of f(G(z))"],
    ]
    draw_table(axes, ["", "GAN", "WGAN"], rows, [1.0, 1.15, 1.15], size=8)
    axes.set_title("the two updates", fontsize=10)
