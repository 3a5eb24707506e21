"""Pictures of samples: single images, grids of them, and scatters of points."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from gansmith.data.images import to_bytes

Strip = NDArray[np.uint8]


def to_picture(image: Tensor) -> Image.Image:
    """Return one image (C, H, W) in [−1, 1] as a PIL picture."""
    pixels = to_bytes(image.detach().cpu()).numpy()
    return Image.fromarray(pixels[0] if len(pixels) == 1 else pixels.transpose(1, 2, 0))


def grid(images: Tensor, columns: int | None = None, tile: int = 48, gap: int = 2) -> Image.Image:
    """Lay images (N, C, H, W) out in rows on white; small ones are enlarged in whole steps to about `tile` pixels."""
    columns = columns or math.ceil(math.sqrt(len(images)))
    return Image.fromarray(np.concatenate([*strips([images], columns, tile, gap)]))


def strips(pieces: Iterable[Tensor], columns: int, tile: int = 48, gap: int = 2) -> Iterator[Strip]:
    """Yield a grid of images from its top to its bottom, one row of images after another, (height, width, 3) bytes.

    Args:
        pieces: of the images, (N, C, H, W) each.
        columns: images in a row.
        tile, gap: see `grid`.
    """
    strip, filled = np.zeros((0, 0, 3), np.uint8), 0
    for image in (image for piece in pieces for image in to_bytes(piece.detach().cpu()).numpy()):
        times = max(1, round(tile / max(image.shape[1:])))
        high, cell = image.shape[1] * times + gap, image.shape[2] * times + gap
        if not strip.size:
            strip = np.full((high, columns * cell + gap, 3), 255, np.uint8)
            yield strip[:gap].copy()
        large = _on_white(image).transpose(1, 2, 0).repeat(times, axis=0).repeat(times, axis=1)
        strip[: len(large), gap + filled * cell :][:, : large.shape[1]] = large
        filled += 1
        if filled == columns:
            yield strip.copy()
            strip[:], filled = 255, 0
    if filled:
        yield strip


def _on_white(image: Strip) -> Strip:
    """Return the bytes of an image (C, H, W) without its fourth channel, which says how opaque a pixel is."""
    if len(image) != 4:
        return image
    opaque = image[3] / 255
    return np.asarray((image[:3] * opaque + 255 * (1 - opaque)).round(), dtype=np.uint8)


def scatter(fake: Tensor, real: Tensor, caption: str = "") -> Image.Image:
    """Draw points (N, D) over real ones: histograms on the line, the first two coordinates in the plane.

    The frame is that of the real points, so that a run's pictures can be compared; the legend says how many generated
    ones lie outside. Either set may be empty.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 5.3), dpi=100)
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
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.11), ncols=2, frameon=False)  # below, where no point lies
    figure.tight_layout()
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3].copy())


def html(title: str, picture: Image.Image) -> str:
    """Return a line and a picture below it as they stand in a page."""
    file = io.BytesIO()
    picture.save(file, format="PNG")
    content = base64.b64encode(file.getvalue()).decode()
    return f'<p>{escape(title)}</p><img alt="samples" src="data:image/png;base64,{content}">'


def _reach(values: np.ndarray[Any, Any]) -> tuple[float, float]:
    """Return an interval that holds all values with a margin."""
    low, high = float(values.min()), float(values.max())
    margin = 0.15 * (high - low) + 1e-6
    return low - margin, high + margin
