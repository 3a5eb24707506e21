"""Pictures of samples: grids of images, scatters of points, and the film of a run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from torch import Tensor

from gansmith.data.images import to_bytes
from gansmith.files import write_atomically


def to_picture(image: Tensor) -> Image.Image:
    """Return one image (C, H, W) in [−1, 1] as a PIL picture."""
    pixels = to_bytes(image.detach().cpu()).numpy()
    return Image.fromarray(pixels[0] if len(pixels) == 1 else pixels.transpose(1, 2, 0))


def grid(images: Tensor, columns: int | None = None, tile: int = 48, gap: int = 2) -> Image.Image:
    """Lay images (N, C, H, W) out in rows on white; small ones are enlarged in whole steps to about `tile` pixels."""
    n, _, height, width = images.shape
    columns = columns or math.ceil(math.sqrt(n))
    rows = math.ceil(n / columns)
    times = max(1, round(tile / max(height, width)))
    cell_w, cell_h = width * times + gap, height * times + gap
    sheet = Image.new("RGB", (columns * cell_w + gap, rows * cell_h + gap), "white")
    for i, image in enumerate(images):
        picture = to_picture(image).resize((width * times, height * times), Image.Resampling.NEAREST)
        sheet.paste(picture, (gap + i % columns * cell_w, gap + i // columns * cell_h))
    return sheet


def scatter(fake: Tensor, real: Tensor, caption: str = "") -> Image.Image:
    """Draw points (N, D) over real ones: histograms on the line, the first two coordinates in the plane.

    The frame is that of the real points, so that a run's pictures can be compared; the legend says how many generated
    ones lie outside. Either set may be empty.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 5), dpi=100)
    axes = figure.add_subplot()
    a, b = real.cpu().numpy()[:, :2], fake.cpu().numpy()[:, :2]
    frame = [_reach(values) for values in (a if len(a) else b).T]
    outside = sum(any(not low <= x <= high for x, (low, high) in zip(point, frame, strict=True)) for point in b)
    generated = f"generated, {outside:,} outside" if outside else "generated"
    axes.set_xlim(*frame[0])
    if a.shape[1] == 1:
        edges, looks = np.linspace(*frame[0], 80), {"histtype": "step", "linewidth": 2, "color": "#d9480f"}
        for points, look, label in ((a, {"color": "#9aa5b1"}, "real"), (b, looks, generated)):
            if len(points):  # densities of all points, those outside included
                weights = np.full(len(points), 1 / (len(points) * (edges[1] - edges[0])))
                axes.hist(points[:, 0], edges.tolist(), weights=weights, label=label, **look)
        axes.set_xlabel("x")
        axes.set_ylabel("density")
    else:
        axes.scatter(a[:, 0], a[:, 1], s=6, color="#9aa5b1", label="real", linewidths=0)
        axes.scatter(b[:, 0], b[:, 1], s=6, color="#d9480f", label=generated, linewidths=0, alpha=0.6)
        axes.set_ylim(*frame[1])
        axes.set_xlabel("x₁")
        axes.set_ylabel("x₂")
    axes.set_title(caption)
    axes.legend(loc="upper right")
    figure.tight_layout()
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3].copy())


def save_picture(picture: Image.Image, path: Path) -> None:
    """Write a PNG in one move."""
    write_atomically(path, lambda temporary: picture.save(temporary, format="PNG"))


def film(frames: Sequence[Path], path: Path, seconds: float = 0.5) -> None:
    """Join PNG frames into an animated GIF that rests on the last one."""
    save_film([Image.open(frame) for frame in frames], path, seconds)


def save_film(frames: Sequence[Image.Image], path: Path, seconds: float = 0.5) -> None:
    """Write an animated GIF that rests on its last frame, in one move."""
    pictures = [frame.convert("RGB").quantize(64) for frame in frames]
    pauses = [int(seconds * 1000)] * (len(pictures) - 1) + [2500]

    def write(temporary: Path) -> None:
        pictures[0].save(
            temporary, format="GIF", save_all=True, append_images=pictures[1:], duration=pauses, loop=0, optimize=True
        )

    write_atomically(path, write)


def _reach(values: np.ndarray[Any, Any]) -> tuple[float, float]:
    """Return an interval that holds all values with a margin."""
    low, high = float(values.min()), float(values.max())
    margin = 0.15 * (high - low) + 1e-6
    return low - margin, high + margin


def is_mark(step: int, first: int = 100) -> bool:
    """Tell whether a step is one of 100, 200, 500, 1000, 2000, 5000, ….

    >>> [s for s in range(1, 3000) if is_mark(s)]
    [100, 200, 500, 1000, 2000]
    """
    if step < first:
        return False
    while step % 10 == 0:
        step //= 10
    return step in (1, 2, 5)
