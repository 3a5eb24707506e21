"""Seven pairs of networks under five losses, on CIFAR-10: who copes with networks that nobody would choose.

Gulrajani et al. 2017, "Improved training of Wasserstein GANs", arXiv 1704.00028, figure 2, with R3GAN's loss (Huang et
al. 2024, arXiv 2501.05441) beside it. Every network is a choice of the toolkit; a column has one set of settings.
"""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate

from gansmith.cli.tables import markdown
from gansmith.data import Source, open_dataset
from gansmith.data.dataset import first
from gansmith.figures.figure import GREEN, Figure, print_sheet, sheet
from gansmith.metrics.evaluation import Evaluator
from gansmith.training.pictures import grid, save_picture
from lecture.common import Numbers, kept, samples, trained

ROWS: dict[str, tuple[str, dict[str, Any]]] = {
    "dcgan": ("G: DCGAN, D: DCGAN", {}),
    "constant": ("G: constant width, no norm; D: DCGAN", {"constant_width": True, "generator_norm": "none"}),
    "mlp": ("G: 4-layer 512-wide ReLU MLP, D: DCGAN", {"network": "mlp-and-dcgan"}),
    "nonorm": ("no normalisation in G or D", {"generator_norm": "none", "discriminator_norm": "none"}),
    "gated": (
        "gated multiplicative nonlinearities",
        {"generator_activation": "gated", "discriminator_activation": "gated"},
    ),
    "tanh": ("tanh everywhere", {"generator_activation": "tanh", "discriminator_activation": "tanh"}),
    "residual": ("residual G and D of 101 layers, 8 channels", {"network": "bottleneck", "depth": 33, "channels": 8}),
}
"""By name, what a pair is called and its settings, beside DCGAN's of `WIDTH`."""

COLUMNS: dict[str, tuple[str, dict[str, Any]]] = {
    "dcgan": ("DCGAN", {"lr": 1e-3}),
    "lsgan": ("LSGAN", {"lr": 1e-3}),
    "wgan": ("WGAN (clipping)", {"lr": 2.5e-4}),
    "wgan-gp": ("WGAN-GP", {"lr": 5e-4, "discriminator_norm": "layer"}),
    "r3gan": ("R3GAN", {"lr": 1e-3, "discriminator_norm": "layer"}),
}
"""By recipe, what a loss is called and its column's settings, beside those of the recipe: five times its paper's rate,
as the budget is small; a gradient penalty is of each sample, and so is layer norm."""

MOVES = 1500
"""Of the discriminator, in every cell: the same number of minibatches. The generator moves MOVES / n_critic times."""
SHARED: dict[str, Any] = {"width": 8, "batch": 16, "latent": 64, "schedule": "constant", "seed": 0}
NORMS = {"generator_norm": "batch", "discriminator_norm": "batch"}
"""Said aloud: a recipe's own choice for its own networks, R3GAN's, would stay with another network."""
FEATURES, REFERENCE, FAKES = "random", 2000, 2000
THRESHOLD = 0.01
"""Of KID, fixed before anything was played: about that of other pictures of the data, shrunk to 4 × 4 pixels."""
Runs = Mapping[str, Sequence[Numbers]]
"""Of each cell by "row.column", its seeds."""


def settings(row: str, column: str) -> dict[str, Any]:
    """Return what a cell changes of its column's recipe."""
    changes = {"network": "dcgan", **NORMS, **SHARED, **COLUMNS[column][1], **ROWS[row][1]}
    if changes["network"] == "bottleneck":
        del changes["width"]
    return changes | {"steps": MOVES // critic(column)}


def critic(column: str) -> int:
    """Return how often D moves for each move of G."""
    return 5 if column in ("wgan", "wgan-gp") else 1


@functools.cache
def pictures(table: str) -> Tensor:
    """Return all pictures (count, 3, 32, 32) in [−1, 1] of a table."""
    return torch.cat([batch.x for batch in first(open_dataset(Source(table)), None)])


@functools.cache
def judge(table: str) -> Evaluator:
    """Return what measures samples, in features of a random network."""
    return Evaluator(open_dataset(Source(table)), FEATURES, reference=REFERENCE)


def cell(table: str, row: str, column: str, out: Path) -> Numbers:
    """Train one pair under one loss, keep 16 samples as a picture, and return the figures of 2,000."""
    trainer = trained(column, pictures(table), settings(row, column))
    made = samples(trainer, FAKES)
    save_picture(grid(made[:16], 8, tile=32), out / f"{row}.{column}.png")
    found = judge(table).evaluate(made)
    figures = {name: found.metrics[name] for name in ("kid", "fid", "recall", "diversity")}
    return figures | {"kid_error": found.details["kid_error"], "moves of G": float(trainer.steps_done)}


def anchors(table: str) -> Numbers:
    """Return KID of pictures of the data that are no reference: as they are, as 4 × 4 pixels, and as noise."""
    x = torch.cat([batch.x for batch in first(open_dataset(Source(table)), REFERENCE + FAKES)])[REFERENCE:]
    noise = 2 * torch.rand(x.shape, generator=torch.Generator().manual_seed(0)) - 1
    seen = {"real": x, "4 x 4": interpolate(avg_pool2d(x, 8), scale_factor=8), "noise": noise}
    return {name: judge(table).evaluate(images).metrics["kid"] for name, images in seen.items()}


def play(table: str, out: Path) -> None:
    """Play the cells that are not there yet, row by row."""
    folder = out / "architectures"
    folder.mkdir(parents=True, exist_ok=True)
    kept(folder / "anchors-0.json", partial(anchors, table))
    for row in ROWS:
        for column in COLUMNS:
            kept(folder / f"{row}.{column}-0.json", partial(cell, table, row, column, folder))


def table(runs: Runs) -> str:
    """Return KID of every cell, those below the threshold in bold."""
    rows = []
    for row, (name, _) in ROWS.items():
        cells = [runs.get(f"{row}.{column}", []) for column in COLUMNS]
        rows.append([name, *(_marked(cell[0]["kid"]) if cell else "not played" for cell in cells)])
    counts = [str(sum(succeeds(runs, row, column) for row in ROWS)) for column in COLUMNS]
    seconds = [f"{sum(runs[k][0]['seconds'] for k in runs if k.endswith('.' + column)):.0f}" for column in COLUMNS]
    names = [name for name, _ in COLUMNS.values()]
    return markdown(["", *names], [*rows, ["**below the threshold**", *counts], ["seconds of the column", *seconds]])


def succeeds(runs: Runs, row: str, column: str) -> bool:
    """Tell whether a cell was played and is below the threshold."""
    cell = runs.get(f"{row}.{column}", [])
    return bool(cell) and cell[0]["kid"] < THRESHOLD


def _marked(kid: float) -> str:
    return f"**{kid:.4f}**" if kid < THRESHOLD else f"{kid:.4f}"


def sheet_of(folder: Path, runs: Runs) -> Figure:
    """Draw samples of every cell that was played, with its KID."""
    rows = [row for row in ROWS if any(f"{row}.{column}" in runs for column in COLUMNS)]
    drawn = sheet(len(COLUMNS), len(rows), width=2.7, height=0.98)
    for i, axes in enumerate(drawn.axes):
        row, column = rows[i // len(COLUMNS)], list(COLUMNS)[i % len(COLUMNS)]
        axes.grid(False)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
        title = COLUMNS[column][0] + "\n" if i < len(COLUMNS) else ""
        if f"{row}.{column}" in runs:
            kid = runs[f"{row}.{column}"][0]["kid"]
            axes.imshow(Image.open(folder / f"{row}.{column}.png"), interpolation="nearest")
            title += f"KID {kid:.4f}" + (" ✓" if kid < THRESHOLD else "")
        axes.set_title(title, fontsize=8, color=GREEN if succeeds(runs, row, column) else "black", pad=2)
        if i % len(COLUMNS) == 0:
            axes.set_ylabel("\n".join(textwrap.wrap(ROWS[row][0], 17)), fontsize=7, rotation=0, ha="right", va="center")
    caption = (
        f"16 samples of the raw generator of each cell after {MOVES:,} moves of D on CIFAR-10, one seed; ✓: KID in the "
        f"features of a random network below {THRESHOLD:g}. Generated, not data."
    )
    return Figure([print_sheet(drawn, caption)], caption)
