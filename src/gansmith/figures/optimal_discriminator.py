"""A trained discriminator against the best one, where densities are known."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from gansmith.data.toys import Toy, normal, ring
from gansmith.figures.figure import BLUE, GRAY, GREEN, ORANGE, Figure, print_sheet, sheet
from gansmith.figures.play import SMOOTH, Look, play
from gansmith.recipes.composition import Recipe, change
from gansmith.recipes.normal1d import normal1d
from gansmith.settings import Count
from gansmith.theory.optimal import best_value, distance_to_optimal, optimal_score, value, value_on_grid
from gansmith.training.trainer import Trainer

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Sheet

STEPS, MOVES = 160, 10  # steps of the trainer, and moves of the discriminator in each
FRESH = 100_000
STUDY = SMOOTH | {"generator.lr": 0.0, "discriminator.lr": 5e-3, "n_critic": MOVES}


@dataclass
class Duel:
    """Data of known density against noise of known density, and the discriminator that tells them apart."""

    data: Toy
    recipe: Recipe
    x: Tensor
    """(N, D) the middles of a grid's cells."""
    cell: float
    log_g: Tensor
    """(N,) log density of the generator at x."""
    moves: list[int] = field(default_factory=list)
    distances: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    logits: Tensor = field(default_factory=lambda: torch.empty(0))
    """(N,) the trained discriminator's scores at x."""
    estimate: float = math.nan
    """V of the trained discriminator on fresh samples."""

    def __post_init__(self) -> None:
        assert self.data.log_density is not None
        self.log_r = self.data.log_density(self.x)
        self.p_r, self.p_g = self.log_r.exp(), self.log_g.exp()
        self.best = best_value(self.p_r, self.p_g, self.cell)

    def play(self, steps: int = STEPS) -> Duel:
        """Train the discriminator alone, noting how far it is from D*; estimate the value it reaches from samples."""

        @torch.no_grad()
        def see(trainer: Trainer) -> None:
            self.logits = trainer.game.networks["discriminator"](self.x.float()).logits
            weight = self.p_r + self.p_g
            self.moves.append(trainer.steps_done * MOVES)
            self.distances.append(distance_to_optimal(self.logits, self.log_r, self.log_g, weight))
            self.values.append(value_on_grid(self.logits, self.p_r, self.p_g, self.cell))

        trained = play(
            change(self.recipe, {"steps": steps}), self.data, Look((*range(0, steps, 5), steps), see), held=True
        )
        judge, rng = trained.game.networks["discriminator"], torch.Generator().manual_seed(1)
        with torch.no_grad():
            real = judge(self.data.sample(FRESH, rng)).logits
            fake = judge(self.recipe.prior.draw(FRESH, rng)).logits
        self.estimate = value(real, fake)
        return self


def on_the_line() -> Duel:
    """The 1-D example before its generator has learnt anything: N(5, 1) against G(z) = z, z ~ U[−8, 8]."""
    cell = 0.01
    x = torch.arange(-8 + cell / 2, 10, cell, dtype=torch.float64).unsqueeze(1)
    log_g = torch.where(x[:, 0].abs() < 8, -math.log(16), -math.inf)
    return Duel(normal(), change(normal1d(), STUDY), x, cell, log_g)


def in_the_plane() -> Duel:
    """Eight Gaussians on a ring against G(z) = z, z ~ N(0, I)."""
    cell = 0.1
    line = torch.arange(-4 + cell / 2, 4, cell, dtype=torch.float64)
    x = torch.cartesian_prod(line, line)
    log_g = -x.square().sum(1) / 2 - math.log(2 * math.pi)
    noise = {"latent": 2, "noise": "normal", "noise_scale": 1.0}
    return Duel(ring(radius=2, spread=0.3), change(normal1d(), STUDY | noise), x, cell**2, log_g)


def optimal_discriminator(steps: Count = STEPS) -> Figure:
    """Trained against a fixed generator, D comes to D* = p_r/(p_r + p_g) and V to 2 JS − log 4.

    Args:
        steps: of D.
    """
    line, plane = on_the_line().play(steps), in_the_plane().play(steps)
    drawn = sheet(2, 2, height=4.2)
    _draw_line(drawn.axes[0], line)
    _draw_course(drawn.axes[1], line, plane)
    _draw_plane(drawn, plane)
    numbers = {
        f"{name} {what}": number
        for name, duel in (("1-D", line), ("2-D", plane))
        for what, number in (("distance", duel.distances[-1]), ("value", duel.estimate), ("best value", duel.best))
    }
    found = [
        f"E|D − D*| = {duel.distances[-1]:.4f} under the mixture, V = −{-duel.estimate:.4f} on {FRESH:,} fresh "
        f"samples, 2 JS − log 4 = −{-duel.best:.4f}"
        for duel in (line, plane)
    ]
    caption = (
        "D*(x) = p_r(x) / (p_r(x) + p_g(x)) and max_D V = 2 JS(p_r, p_g) − log 4. "
        f"After {line.moves[-1]:,} moves of D alone:\nOn the line: {found[0]}.\nIn the plane: {found[1]}.\n"
        "Where neither sends samples, beyond 8 on the line and far out in the plane, nothing tells D what to be."
    )
    return Figure([print_sheet(drawn, caption)], caption, numbers)


def _draw_line(axes: Axes, duel: Duel) -> None:
    x = duel.x[:, 0].numpy()
    axes.fill_between(x, duel.p_r.numpy(), color=BLUE, alpha=0.25, linewidth=0, label="$p_r$ = N(5, 1)")
    axes.fill_between(x, duel.p_g.numpy(), color=ORANGE, alpha=0.25, linewidth=0, label="$p_g$ = U[−8, 8]")
    axes.plot(x, torch.sigmoid(optimal_score(duel.log_r, duel.log_g)), color=GRAY, linewidth=4, alpha=0.6, label="D*")
    axes.plot(x, torch.sigmoid(duel.logits), color=GREEN, label="trained D")
    axes.set(title="The 1-D example at its start", xlabel="x", ylabel="density, D(x)", ylim=(0, 1.05))
    axes.legend(loc="upper left")


def _draw_course(axes: Axes, *duels: Duel) -> None:
    for duel, name, colour in zip(duels, ("1-D", "2-D"), (BLUE, ORANGE), strict=True):
        axes.plot(duel.moves, duel.distances, color=colour, label=f"{name}: E|D − D*|")
        gaps = [duel.best - reached for reached in duel.values]
        axes.plot(duel.moves, gaps, color=colour, linestyle=":", label=f"{name}: 2 JS − log 4 − V")
    axes.axhline(0.02, color=GRAY, linewidth=1)
    axes.text(duels[0].moves[-1], 0.021, "0.02", color=GRAY, ha="right", va="bottom")
    axes.set(title="While D learns", xlabel="moves of D", ylabel="distance from the best", ylim=(0, 0.2))
    axes.legend(loc="upper right")


def _draw_plane(drawn: Sheet, duel: Duel) -> None:
    axes, side = drawn.axes[2:], math.isqrt(len(duel.x))
    x, y = duel.x.T.reshape(2, side, side).numpy()
    scores = {"D*, 8 Gaussians against N(0, I)": optimal_score(duel.log_r, duel.log_g), "trained D": duel.logits}
    for below, (title, score) in zip(axes, scores.items(), strict=True):
        judged = torch.sigmoid(score).reshape(side, side).numpy()
        shown = below.contourf(x, y, judged, levels=torch.linspace(0, 1, 21).tolist(), cmap="coolwarm_r")
        below.set(title=title, xlabel="x₁", ylabel="x₂", aspect="equal")
        below.grid(False)
    drawn.colorbar(
        shown, ax=axes, location="bottom", shrink=0.5, aspect=40, label="D(x)", ticks=[0, 0.25, 0.5, 0.75, 1]
    )
