"""Pictures one after another as GIF, APNG or WebP."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from torch import Tensor

from gansmith.errors import GansmithError
from gansmith.files import write_atomically
from gansmith.generators.pictures import to_picture

KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    ".gif": ("GIF", {"disposal": 2}),
    ".apng": ("PNG", {}),
    ".webp": ("WEBP", {"quality": 90, "method": 4}),
}
"""File endings, their format and its settings."""
TILE = 192  # pixels that small pictures are enlarged to, in whole steps


def check_animation(out: Path) -> None:
    """Refuse a place for an animation of a kind that is not known."""
    if out.suffix not in KINDS:
        raise GansmithError(f"--out {out}: use {', '.join(f'FILE{kind}' for kind in KINDS)}")


def animate(images: Iterable[Tensor], out: Path, fps: float = 20.0, tile: int = TILE) -> None:
    """Write images (C, H, W) in [−1, 1] as an animation without end; small ones are enlarged in whole steps.

    Args:
        images: one after another.
        out: FILE.gif, of 256 colours a frame; FILE.apng, all of them; or FILE.webp, small.
        fps: frames a second; GIF knows whole hundredths of a second.
        tile: pixels wide at least about.

    Raises:
        GansmithError: if the kind is not known, there are no images, or fps is not positive.
    """
    check_animation(out)
    if not fps > 0:
        raise GansmithError(f"fps = {fps:g} must be positive")
    frames = []
    for image in images:
        times = max(1, round(tile / max(image.shape[1:])))
        frames.append(to_picture(image.repeat_interleave(times, 1).repeat_interleave(times, 2)))
    if not frames:
        raise GansmithError("an animation needs a picture at least")
    kind, how = KINDS[out.suffix]
    how = {**how, "save_all": True, "append_images": frames[1:], "duration": round(1000 / fps), "loop": 0}
    out.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(out, lambda path: frames[0].save(path, format=kind, **how))
