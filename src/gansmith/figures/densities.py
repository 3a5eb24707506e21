"""Why at all: telling apart, knowing a density, drawing samples; three kinds of model on one toy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from gansmith.data.toys import Toy, mixture
from gansmith.figures.density_models import VAE, Bits, autoregressive, boltzmann, cells
from gansmith.figures.figure import BLUE, GRAY, GREEN, ORANGE, PURPLE, Figure, print_sheet, sheet
from gansmith.figures.play import play
from gansmith.figures.table import draw_table
from gansmith.recipes import recipe
from gansmith.settings import Positive

if TYPE_CHECKING:
    from matplotlib.axes import Axes


X = torch.linspace(-4, 4, 401)
FAR = 12.0
GAN: dict[str, Any] = {"latent": 2, "hidden": 64, "batch": 256, "steps": 500, "n_critic": 3, "r1": 0.1, "lr": 2e-3}


def data() -> Toy:
    """Return ½ N(−1.5, ½²) + ½ N(1.5, ½²): the label says which."""
    return mixture(torch.tensor([[-1.5], [1.5]]), 0.5, "two classes on the line")


def densities(far: Positive = FAR) -> Figure:
    """Discriminative beside generative, explicit density beside implicit: what each can be asked, on one toy.

    Args:
        far: x, far from all data, at which the classifier is asked.
    """
    toy, rng = data(), torch.Generator().manual_seed(0)
    train, held = toy.sample(8000, rng)[:, 0], toy.sample(4000, rng)[:, 0]
    assert toy.log_density is not None
    bits, machine, vae = autoregressive(train), boltzmann(train), VAE.fitted(train)
    gan = play(recipe("nsgan", **GAN), toy)
    with torch.no_grad():
        made = gan.game.networks["generator"](gan.recipe.prior.draw(8000, rng))
        made = (gan.rounds.scale.restored(made) if gan.rounds.scale else made)[:, 0]
    slope, offset = _logistic(train)
    exact, lower = vae.log_density(held), vae.bound(held)
    numbers = {
        "truth": float(toy.log_density(held[:, None]).mean()),
        "autoregressive": float(bits.log_density(held).mean()),
        "autoregressive sum": float(bits.p.sum()),
        "RBM": float(machine.log_density(held).mean()),
        "RBM states in Z": float(len(machine.p)),
        "VAE bound": float(lower.mean()),
        "VAE": float(exact.mean()),
        "P(right | far)": float(torch.sigmoid(torch.tensor(slope * far + offset))),
        "log p(far)": float(toy.log_density(torch.tensor([[far]]))),
    }
    drawn = sheet(3, width=4.4, height=3.8)
    _draw_classifier(drawn.axes[0], toy, slope, offset, far)
    _draw_models(drawn.axes[1], toy, bits, machine, vae, made)
    _draw_answers(drawn.axes[2], numbers)
    caption = (
        f"Left: a discriminative model says P(y|x), even {numbers['P(right | far)']:.6f} at x = {far:g}, where log "
        "p(x) = "
        f"{numbers['log p(far)']:.0f}; it has no p(x) to say so, and none to draw from. Middle: the same data learnt "
        "by an "
        "autoregressive table over 5 bits, an RBM over the same bits, a VAE and a GAN. Right: what each can be asked; "
        "log p is "
        "the mean of held-out samples, in nats. A GAN's generator draws in one pass and has no number to give."
    ).replace("= -", "= −")
    return Figure([print_sheet(drawn, caption)], caption, numbers)


def _logistic(train: Tensor) -> tuple[float, float]:
    """Return a and b of P(right|x) = σ(ax + b), fitted to which of the two modes a sample is from."""
    w = torch.zeros(2, requires_grad=True)
    labels = (train > 0).float()
    optimizer = torch.optim.LBFGS([w], max_iter=30)

    def cost() -> Tensor:
        optimizer.zero_grad()
        loss = (
            torch.nn.functional.binary_cross_entropy_with_logits(w[0] * train + w[1], labels) + 1e-3 * w.square().sum()
        )
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(cost)  # type: ignore[no-untyped-call]
    return float(w[0].detach()), float(w[1].detach())


def _draw_classifier(axes: Axes, toy: Toy, slope: float, offset: float, far: float) -> None:
    x = torch.linspace(-4, max(14, far + 2), 400)
    assert toy.log_density is not None
    axes.fill_between(x, toy.log_density(x[:, None]).exp(), color=GRAY, alpha=0.4, lw=0, label="data")
    axes.plot(x, torch.sigmoid(slope * x + offset), color=PURPLE, label="P(right | x)")
    axes.plot(far, float(torch.sigmoid(torch.tensor(slope * far + offset))), "o", color=PURPLE)
    axes.annotate(
        "sure, where no\nsample ever was", (far, 0.98), (0.68 * far, 0.62), arrowprops={"arrowstyle": "->"}, fontsize=9
    )
    axes.set(xlabel="x", ylabel="density, probability", ylim=(0, 1.3))
    axes.set_title("discriminative: P(y|x)", fontsize=10)
    axes.legend(fontsize=8, frameon=False, loc="upper left", ncols=2)


def _draw_models(axes: Axes, toy: Toy, bits: Bits, machine: Bits, vae: VAE, made: Tensor) -> None:
    middles, width = cells()
    assert toy.log_density is not None
    axes.fill_between(X, toy.log_density(X[:, None]).exp(), color=GRAY, alpha=0.4, lw=0, label="data")
    axes.step(middles, bits.p / width, where="mid", color=BLUE, label="autoregressive, 5 bits")
    axes.step(middles, machine.p / width, where="mid", color=PURPLE, label="RBM, 5 bits", ls="--")
    axes.plot(X, vae.log_density(X).exp(), color=GREEN, label="VAE")
    axes.hist(made.numpy(), bins=64, range=(-4, 4), density=True, histtype="step", color=ORANGE, label="GAN: samples")
    axes.set(xlabel="x", ylabel="density", ylim=(0, 0.85), xlim=(-4, 4))
    axes.set_title("generative: p(x), or samples of it", fontsize=10)
    axes.legend(fontsize=7.5, frameon=False, loc="upper center", ncols=2)


def _draw_answers(axes: Axes, found: dict[str, float]) -> None:
    def nats(name: str) -> str:
        return f"{found[name]:.3f}".replace("-", "−")

    rows = [
        ["logistic", "no", "no"],
        ["autoregressive", nats("autoregressive"), "5 passes, a bit each"],
        ["RBM", f"{nats('RBM')}, given Z,\na sum of {found['RBM states in Z']:.0f} states", "Gibbs sweeps"],
        ["VAE", f"at least {nats('VAE bound')}\n({nats('VAE')} by quadrature)", "1 pass, and noise"],
        ["GAN", "no", "1 pass"],
        ["(the truth)", nats("truth"), ""],
    ]
    draw_table(axes, ["model", "log p(x)?", "a sample?"], rows, [1.0, 1.6, 1.2], size=8.5)
