"""Pictures of a run: of its samples, and its film."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from gansmith.files import write_atomically
from gansmith.generators.pictures import grid as grid
from gansmith.generators.pictures import scatter as scatter
from gansmith.generators.pictures import to_picture as to_picture


def save_picture(picture: Image.Image, path: Path) -> None:
    """Write a PNG in one move."""
    write_atomically(path, lambda temporary: picture.save(temporary, format="PNG"))


def film(frames: Sequence[Path], path: Path, seconds: float = 0.5) -> None:
    """Join PNG frames into an animated GIF that rests on the last one."""
    save_film([Image.open(frame, formats=("PNG",)) for frame in frames], path, seconds)


def save_film(frames: Sequence[Image.Image], path: Path, seconds: float = 0.5) -> None:
    """Write an animated GIF that rests on its last frame, in one move."""
    pictures = [frame.convert("RGB").quantize(64) for frame in frames]
    pauses = [int(seconds * 1000)] * (len(pictures) - 1) + [2500]

    def write(temporary: Path) -> None:
        pictures[0].save(
            temporary, format="GIF", save_all=True, append_images=pictures[1:], duration=pauses, loop=0, optimize=True
        )

    write_atomically(path, write)


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
