"""What a figure is, and how all of them are drawn."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from gansmith.errors import GansmithError
from gansmith.settings.values import expanded
from gansmith.training.pictures import save_film, save_picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Sheet

BLUE, ORANGE, GREEN, PURPLE, AMBER, TEAL, PINK, GRAY = (
    *("#1c7ed6", "#d9480f", "#2b8a3e", "#862e9c"),
    *("#e67700", "#0b7285", "#c2255c", "#868e96"),
)
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, AMBER, TEAL, PINK)


@dataclass(frozen=True)
class Figure:
    """A picture of something that theory says, or a film of it."""

    frames: Sequence[Image.Image]
    """One is a picture, several are a film."""
    caption: str
    """The formula, and the numbers that were found; it stands below the picture too."""
    numbers: Mapping[str, float] = field(default_factory=dict)
    """What was found, by name."""

    def save(self, path: str | Path) -> None:
        """Write FILE.png (the frames of a film side by side) or FILE.gif (a film)."""
        path = expanded(str(path))
        check_path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".gif":
            save_film(self.frames, path)
        else:
            page = self.frames[0] if len(self.frames) == 1 else _side_by_side(self.frames)
            save_picture(page.quantize(256, dither=Image.Dither.NONE), path)  # a third of the bytes, and looks the same


def check_path(path: Path) -> None:
    """Refuse a file that no figure can be written to; worth asking before it is drawn."""
    if path.suffix not in (".png", ".gif"):
        raise GansmithError(f"--out {path}: use FILE.png or FILE.gif")


def sheet(columns: int = 1, rows: int = 1, width: float = 4.6, height: float = 3.8) -> Sheet:
    """Return an empty sheet for columns × rows plots, each of this size in inches; `print_sheet` finishes it."""
    from matplotlib.figure import Figure as Sheet

    drawn = Sheet(figsize=(width * columns, height * rows), dpi=110, layout="compressed")
    drawn.subplots(rows, columns)
    for axes in drawn.axes:
        axes.grid(alpha=0.2)
        axes.spines[["top", "right"]].set_visible(False)
    return drawn


def print_sheet(drawn: Sheet, caption: str) -> Image.Image:
    """Return the sheet as a picture with its caption below."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    per_line = int(drawn.get_figwidth() * 13.5)  # characters
    whole = caption.replace(" = ", "\u00a0=\u00a0")  # an equation is not torn in two
    lines = [line for part in whole.split("\n") for line in textwrap.wrap(part, per_line)]
    room = 0.19 * len(lines) + 0.16  # inches
    drawn.set_figheight(drawn.get_figheight() + room)
    below = room / drawn.get_figheight()
    drawn.get_layout_engine().set(rect=(0, below, 1, 1 - below))  # type: ignore[union-attr, call-arg]
    drawn.text(0.02, below - 0.04 / drawn.get_figheight(), "\n".join(lines), va="top", fontsize=9, linespacing=1.45)
    canvas = FigureCanvasAgg(drawn)
    canvas.draw()
    return Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3].copy())


def _side_by_side(frames: Sequence[Image.Image], columns: int = 3) -> Image.Image:
    columns = min(columns, len(frames))
    width, height = (max(frame.size[i] for frame in frames) for i in range(2))
    page = Image.new("RGB", (width * columns, height * math.ceil(len(frames) / columns)), "white")
    for i, frame in enumerate(frames):
        page.paste(frame, (i % columns * width, i // columns * height))
    return page
