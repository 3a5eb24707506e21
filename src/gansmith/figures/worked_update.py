"""One update of the 1-D example with numbers that fit on paper."""

from __future__ import annotations

import itertools
import math

import torch
from torch import Tensor, nn

from gansmith import terms as t
from gansmith.figures.figure import BLUE, ORANGE, Figure, print_sheet, sheet
from gansmith.figures.table import draw_table
from gansmith.games import GAN, Player
from gansmith.games.game import descend
from gansmith.settings.ranges import Positive
from gansmith.terms.losses import NonSaturating


class Line(nn.Module):
    """slope · input + offset, one number in and one out; as a discriminator (N, 1) → (N,)."""

    def __init__(self, slope: float, offset: float, flat: bool) -> None:
        super().__init__()
        self.slope, self.offset = (nn.Parameter(torch.tensor(v, dtype=torch.float64)) for v in (slope, offset))
        self.flat = flat

    def forward(self, x: Tensor) -> Tensor:
        out = self.slope * x + self.offset
        return out.squeeze(1) if self.flat else out


class Example:
    """G(z) = wz + b with w = 1, b = 0 and D(x) = σ(ax + c) with a = 1, c = −4, one real x and one z."""

    def __init__(self, x: float, z: float, eta: float) -> None:
        self.x, self.z = (torch.tensor([[v]], dtype=torch.float64) for v in (x, z))
        self.g, self.d = Line(1.0, 0.0, flat=False), Line(1.0, -4.0, flat=True)
        players = {
            name: Player(torch.optim.SGD(network.parameters(), lr=eta))
            for name, network in (("discriminator", self.d), ("generator", self.g))
        }
        loss = t.Adversarial(NonSaturating(), discriminator_scale=0.5)
        self.game = GAN({"generator": self.g, "discriminator": self.d}, players, [loss])

    def play(self) -> list[dict[str, float]]:
        """Return the numbers before, after D's step and after G's."""
        seen = [self.numbers()]
        for player in ("discriminator", "generator"):
            descend(self.game, player, self.game.round(self.x, self.z))
            seen.append(self.numbers())
        return seen

    @torch.no_grad()
    def numbers(self) -> dict[str, float]:
        """Return weights, what D says, and both costs as they are now."""
        fake = self.g(self.z)
        o_r, o_f = (float(torch.sigmoid(self.d(at))) for at in (self.x, fake))
        weights = {"w": self.g.slope, "b": self.g.offset, "a": self.d.slope, "c": self.d.offset}
        return {name: float(v) for name, v in weights.items()} | {
            "G(z)": float(fake),
            "o_r": o_r,
            "o_f": o_f,
            "L_D": 0.5 * (-math.log(o_r) - math.log(1 - o_f)),
            "L_G": -math.log(o_f),
        }


HOW = {
    "w": "w − η (o_f − 1) a z",
    "b": "b − η (o_f − 1) a",
    "a": "a − η ½ ((o_r − 1) x + o_f G(z))",
    "c": "c − η ½ ((o_r − 1) + o_f)",
    "G(z)": "w z + b",
    "o_r": "σ(a x + c)",
    "o_f": "σ(a G(z) + c)",
    "L_D": "½ (−ln o_r − ln(1 − o_f))",
    "L_G": "−ln o_f",
}


def worked_update(x: float = 5.0, z: float = 2.0, eta: Positive = 0.1) -> Figure:
    """One update of D and one of G on the 1-D example, every number of it: o_r, o_f, L_D, L_G before and after.

    Args:
        x: the real sample.
        z: the noise.
        eta: step size η of both players.
    """
    before, after_d, after_g = seen = Example(x, z, eta).play()
    drawn = sheet(1, width=9.2, height=4.4)
    rows, colours = [], {}
    for i, (name, how) in enumerate(HOW.items()):
        rows.append([name, how, *(f"{at[name]:.4f}".replace("-", "−") for at in seen)])
        for j, (old, new) in enumerate(itertools.pairwise(seen)):
            if not math.isclose(old[name], new[name], abs_tol=1e-12):
                colours[i, 3 + j] = (BLUE, ORANGE)[j]
    header = ["", "is", "before", "after D's step", "after G's step"]
    draw_table(drawn.axes[0], header, rows, [0.7, 3.2, 1.2, 1.5, 1.5], colours)
    caption = (
        f"Real x = {x:g}, latent z = {z:g}, η = {eta:g}; G(z) = wz + b, D(x) = σ(ax + c). D steps down L_D with its "
        "own "
        f"weights, G held (blue): o_r from {before['o_r']:.4f} to {after_d['o_r']:.4f}, L_D from {before['L_D']:.4f} "
        "to "
        f"{after_d['L_D']:.4f}. Then G steps down L_G, D held (orange): o_f from {after_d['o_f']:.4f} to "
        f"{after_g['o_f']:.4f}, L_G from {after_d['L_G']:.4f} to {after_g['L_G']:.4f}."
    )
    names = ("before", "after D", "after G")
    numbers = {f"{name} {when}": value for when, at in zip(names, seen, strict=True) for name, value in at.items()}
    return Figure([print_sheet(drawn, caption)], caption, numbers)
