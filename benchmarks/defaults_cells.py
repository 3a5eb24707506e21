"""Which recipes are played on which data, from how many seeds, and who judges them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gansmith.recipes import RECIPES

SPECIAL = (
    "vanilla",
    "normal1d",
    "normal1d-literal",
    "mixture",
    "nsgan",
    "r3gan",
    "wgan-gp",
    "cgan",
    "cdcgan",
    "acgan",
    "attribute-gan",
)
OF_PICTURES = ("infogan", "diffaugment", "inpaint", "superres")
"""Recipes that are about pictures alone."""
PICTURES = 300
"""Seconds of one thread's training on pictures."""
STYLE_STEP = {"mnist": 0.155, "cifar10": 0.16, "olivetti": 0.75}
"""Seconds of one of `style`'s steps, whose rates are to reach 0 when its time is up."""


@dataclass(frozen=True)
class Cell:
    """A command line, its seeds, and who judges what it makes."""

    group: str
    recipe: str
    data: str
    seeds: int
    judge: str
    changes: tuple[tuple[str, Any], ...] = ()

    @property
    def name(self) -> str:
        words = [self.recipe, *(f"--{name} {value}" for name, value in self.changes)]
        return " ".join([*words, f"--data {self.data_name}"])

    @property
    def data_name(self) -> str:
        return Path(self.data).parent.name if "/" in self.data else self.data


def cells(mnist: str, pictures: Sequence[str] = ()) -> Iterator[Cell]:
    """Yield all cells, the cheap ones first.

    Args:
        mnist: real digits, a parquet file.
        pictures: files of CIFAR-10 and of portraits.
    """
    yield from (Cell("line", name, "normal", 5, "line") for name in ("normal1d",))
    for data in ("ring", "grid"):
        yield from (Cell("mixtures", name, data, 3, "mixture") for name in ("nsgan", "r3gan", "wgan-gp"))
        yield Cell("mixture", "mixture", data, 5, "mixture")
    yield Cell("attributes", "attribute-gan", "digits", 3, "attributes")
    losses = ((), (("loss", "nonsaturating"),))
    yield from (Cell("digits", "vanilla", mnist, 3, "alive", changes) for changes in losses)
    yield from (Cell("labels", name, mnist, 3, "obeys") for name in ("cgan", "cdcgan", "acgan"))
    for data in pictures:
        yield from (Cell("pictures", name, data, 3, "pictures") for name in ("dcgan", "r3gan", "sngan"))
    for data in (mnist, *pictures):
        seconds = STYLE_STEP.get(Path(data).parent.name, 1.0)
        yield Cell("pictures", "style", data, 1, "pictures", (("steps", int(PICTURES / seconds / 10) * 10),))
    yield from (Cell("pictures", name, mnist, 1, "pictures") for name in ("dcgan", "r3gan"))
    for data in ("ring", "grid", "digits"):
        others = [name for name in RECIPES if name not in SPECIAL and (data == "digits" or name not in OF_PICTURES)]
        yield from (Cell("others", name, data, 1, "mixture" if data != "digits" else "metrics") for name in others)
