"""What a figure is, and how all of them are drawn."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from gansmith.errors import GansmithError
from gansmith.files import write_atomically
from gansmith.settings.values import expanded
from gansmith.training.pictures import save_film, save_picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Sheet

BLUE, ORANGE, GREEN, PURPLE, AMBER, TEAL, PINK, GRAY = (
    *("#1c7ed6", "#d9480f", "#2b8a3e", "#862e9c"),
    *("#e67700", "#0b7285", "#c2255c", "#868e96"),
)
DPI = 110
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, AMBER, TEAL, PINK)


VECTORS = {".pdf", ".svg"}
"""Formats in which lines stay lines."""


@dataclass(frozen=True)
class Figure:
    """A picture of something that theory says, or a film of it."""

    frames: Sequence[Sheet | Image.Image]
    """One is a picture, several are a film."""
    caption: str
    """The formula, and the numbers that were found; it stands below the picture too."""
    numbers: Mapping[str, float] = field(default_factory=dict)
    """What was found, by name."""
    seconds: float = 0.5
    """Of a frame of a film."""

    def pictures(self, dpi: int = DPI) -> list[Image.Image]:
        """Return every frame in pixels."""
        return [frame if isinstance(frame, Image.Image) else picture(frame, dpi) for frame in self.frames]

    def save(self, path: str | Path, dpi: int = DPI) -> None:
        """Write FILE.png (the frames of a film side by side), FILE.gif (a film), FILE.pdf or FILE.svg (lines)."""
        path = expanded(str(path))
        check_path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix in VECTORS:
            _save_vectors(self.frames, path, dpi)
            return
        pictures = self.pictures(dpi)
        if path.suffix == ".gif":
            save_film(pictures, path, self.seconds)
        else:
            page = pictures[0] if len(pictures) == 1 else _side_by_side(pictures)
            save_picture(page.quantize(256, dither=Image.Dither.NONE), path)  # a third of the bytes, and looks the same


def check_path(path: Path) -> None:
    """Refuse a file that no figure can be written to; worth asking before it is drawn."""
    if path.suffix not in (".png", ".gif", *VECTORS):
        raise GansmithError(f"--out {path}: use FILE.png, FILE.gif, FILE.pdf or FILE.svg")


def _save_vectors(frames: Sequence[Sheet | Image.Image], path: Path, dpi: int) -> None:
    """Write the one frame as lines; the same figure gives the same bytes."""
    import matplotlib

    (frame,) = frames[:1]
    if len(frames) > 1 or isinstance(frame, Image.Image):
        raise GansmithError(f"--out {path}: a film is FILE.gif, or FILE.png with its frames side by side")
    dates = {"CreationDate": None} if path.suffix == ".pdf" else {"Date": None}

    def write(temporary: Path) -> None:
        with matplotlib.rc_context({"svg.hashsalt": "gansmith", "pdf.fonttype": 42}):
            frame.savefig(temporary, format=path.suffix[1:], dpi=dpi, metadata=dates)

    write_atomically(path, write)


def sheet(columns: int = 1, rows: int = 1, width: float = 4.6, height: float = 3.8) -> Sheet:
    """Return an empty sheet for columns × rows plots, each of this size in inches; `print_sheet` finishes it."""
    from matplotlib.figure import Figure as Sheet

    drawn = Sheet(figsize=(width * columns, height * rows), dpi=DPI, layout="compressed")
    drawn.get_layout_engine().set(w_pad=0.08, h_pad=0.08)  # type: ignore[union-attr, call-arg]
    drawn.subplots(rows, columns)
    for axes in drawn.axes:
        axes.grid(alpha=0.2)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
    return drawn


def print_sheet(drawn: Sheet, caption: str) -> Sheet:
    """Return the sheet with its caption below."""
    per_line = int(drawn.get_figwidth() * 13.5)  # characters
    whole = caption.replace(" = ", "\u00a0=\u00a0")  # an equation is not torn in two
    lines = [typeset(line) for part in whole.split("\n") for line in textwrap.wrap(part, per_line)]
    room = 0.19 * len(lines) + 0.16  # inches
    drawn.set_figheight(drawn.get_figheight() + room)
    below = room / drawn.get_figheight()
    drawn.get_layout_engine().set(rect=(0, below, 1, 1 - below))  # type: ignore[union-attr, call-arg]
    drawn.text(0.02, below - 0.04 / drawn.get_figheight(), "\n".join(lines), va="top", fontsize=9, linespacing=1.45)
    return drawn


def typeset(text: str) -> str:
    """Return text whose formulas are mathtext, as plain text has them: p_r, max_D, D*, steps^1.5.

    >>> typeset("max_D V at D* = p_r/(p_r + p_g)")
    'max$_D$ V at $D^*$ = $p_r$/($p_r$ + $p_g$)'
    """
    text = re.sub(r"\b([DGf])\*", r"$\1^*$", text)
    text = re.sub(r"(?<=[\w)])\^(−?[\d.]*\d|[a-z]\b)", r"$^{\1}$", text)
    return re.sub(r"([^\W\d_]+)_(\d+|[^\W_])", _subscript, text)


def _subscript(found: re.Match[str]) -> str:
    name, below = found.groups()
    below = f"{{{below}}}" if len(below) > 1 else below
    return f"${name}_{below}$" if len(name) == 1 else f"{name}$_{below}$"


def picture(drawn: Sheet, dpi: int = DPI) -> Image.Image:
    """Return a sheet in pixels."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    drawn.set_dpi(dpi)
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
