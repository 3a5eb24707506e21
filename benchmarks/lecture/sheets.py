"""Sheets of generated pictures, one strip below the other, each with what it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from gansmith.figures.figure import Figure, print_sheet, sheet
from lecture.common import Numbers

LOSSES = {"dcgan": "DCGAN", "lsgan": "LSGAN", "ebgan": "EBGAN"}


def strips(pictures: Mapping[str, Path], caption: str, width: float = 6.0) -> Figure:
    """Draw pictures below each other under their names, as wide as each other."""
    images = {name: Image.open(path).convert("RGB") for name, path in pictures.items()}
    tallest = max(image.height / image.width for image in images.values())
    drawn = sheet(1, len(images), width=width, height=width * tallest + 0.3)
    for axes, (name, image) in zip(drawn.axes, images.items(), strict=True):
        _bare(axes, image)
        axes.set_title(name, fontsize=9, loc="left", pad=3)
    return Figure([print_sheet(drawn, caption)], caption)


def _bare(axes: Any, image: Image.Image) -> None:
    axes.grid(False)
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    axes.imshow(image.convert("RGB"), interpolation="nearest")


def losses(out: Path, runs: Mapping[str, Sequence[Numbers]]) -> Figure:
    """Draw samples of each loss with its figures."""
    named = {
        f"{name}: FID {runs[k][0]['fid']:.3g}, KID {runs[k][0]['kid']:.2g}": out / f"losses-{k}.png"
        for k, name in LOSSES.items()
        if k in runs
    }
    caption = (
        "Samples of the raw generator after 6,000 steps on drawn portraits: DCGAN's networks of width 16 (EBGAN's D "
        "has a decoder), Adam at 2e-4 falling as a cosine, minibatches of 32. FID and KID against 2,000 other "
        "portraits, in features of a random network. Generated, not data."
    )
    return strips(named, caption)


def timeline(out: Path, last: int) -> Figure:
    """Draw the same noises after 100, 1,000, … updates."""
    steps = [step for step in (100, 1000, 5000, 50_000) if step <= last]
    named = {f"after {step:,} updates of G": out / f"timeline-{step}.png" for step in steps}
    return strips(
        named, "The same ten noises while DCGAN learns MNIST (width 8, minibatches of 32, the raw generator)."
    )


def overfitting(out: Path) -> Figure:
    """Draw samples of a generator that saw 50, 500 and 5,000 digits."""
    named = {f"{count:,} digits": out / f"overfitting-{count}.png" for count in (50, 500, 5000)}
    return strips(
        named, "Samples of the raw generator, seed 0, after 2,000 steps with so many digits. Generated, not data."
    )


COLLAPSES = {
    "few-fails": "few: one rate of 3e-3 for both",
    "few-cured": "the same with 1e-3",
    "one-fails": "one: G moves eight times as fast as D, 4e-3 and 5e-4",
    "one-cured": "the same with 5e-4 for both",
}
"""By side, what a strip is called."""


def collapse(out: Path, runs: Mapping[str, Sequence[Numbers]]) -> Figure:
    """Draw the same noises along runs that collapse, each beside its cure."""
    drawn = sheet(2, 2, width=5.2, height=2.9)
    for axes, (key, name) in zip(drawn.axes, COLLAPSES.items(), strict=True):
        _bare(axes, Image.open(out / f"collapse-{key}.png"))
        apart = runs[key][0]["diversity"]
        axes.set_title(f"{name}: distance {apart:.2f}", fontsize=9, loc="left", pad=3)
    caption = (
        "The same twelve noises after 250, 500, …, 1,500 steps on MNIST at 32 pixels, from top to bottom: the raw "
        "generator, MLPs of 256, minibatches of 32, seed 0. Distance: mean between two samples at the end, 1 for "
        "digits. All of it generated, not data."
    )
    return Figure([print_sheet(drawn, caption)], caption)
