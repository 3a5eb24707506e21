"""Samples on disk: a grid, numbers, or a picture each. They are written as they come, however many there are."""

from __future__ import annotations

import itertools
import math
import secrets
import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gansmith.errors import GansmithError
from gansmith.files import write_atomically
from gansmith.generators.pictures import scatter, strips, to_picture

PLACES = "use FILE.png, FILE.npz or a folder"


def check_place(out: Path, shape: tuple[int, ...]) -> None:
    """Refuse a place where samples of this shape cannot be written, or others lie already."""
    if out.suffix not in (".png", ".npz", ""):
        raise GansmithError(f"--out {out}: {PLACES}")
    if out.suffix != "":
        return
    if out.is_file():
        raise GansmithError(f"--out {out} is a file: {PLACES}")
    if len(shape) != 3:
        raise GansmithError(f"--out {out}: vectors have no pictures of their own; use FILE.png or FILE.npz")
    there = sorted(p.name for p in out.iterdir() if not p.name.startswith(".")) if out.is_dir() else []
    if there:
        raise GansmithError(f"--out {out} already holds {there[0]}{', …' * (len(there) > 1)}: choose a new folder")


def write(pieces: Iterator[Tensor], count: int, out: Path, names: Iterable[str] | None = None) -> None:
    """Write samples to FILE.png as a grid or a scatter, to FILE.npz as numbers, or into a new folder one by one.

    Nothing is there until all of it is.

    Args:
        pieces: of the samples, (N, C, H, W) or (N, D) each.
        count: of all of them.
        names: of the pictures in a folder; by default their numbers.
    """
    first = next(pieces)  # what fails before the first samples leaves nothing behind
    pieces = itertools.chain([first], pieces)
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.suffix == ".npz":
        write_atomically(out, lambda path: _numbers(pieces, count, first, path))
    elif out.suffix == ".png" and first.dim() == 4:
        columns = math.ceil(math.sqrt(count))
        write_atomically(out, lambda path: _png(strips(pieces, columns), path))
    elif out.suffix == ".png":
        points = torch.cat([piece[:, :2].float() for piece in pieces])
        write_atomically(out, lambda path: scatter(points, points[:0]).save(path, format="PNG"))
    else:
        digits = max(5, len(str(count - 1)))
        into_new(out, lambda path: _pictures(pieces, names or (f"{i:0{digits}d}" for i in itertools.count()), path))


def seed_names(seeds: Iterable[int]) -> list[str]:
    """Return the names of pictures of these seeds, in the alphabet as in number."""
    seeds = [*seeds]
    digits = max(4, *(len(str(seed)) for seed in seeds))
    names = [f"seed-{seed:0{digits}d}" for seed in seeds]
    if len(set(names)) < len(names):
        twice = next(seed for i, seed in enumerate(seeds) if seed in seeds[:i])
        raise GansmithError(f"seed {twice} stands twice: its pictures would have one name")
    return names


def _numbers(pieces: Iterable[Tensor], count: int, first: Tensor, path: Path) -> None:
    """Write an array called samples, as `numpy.savez_compressed` does with a whole one; of images also their range."""
    kind = _array(first).dtype
    about = {"descr": np.lib.format.dtype_to_descr(kind), "fortran_order": False}
    whole = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
    with whole as archive:
        with archive.open("samples.npy", "w", force_zip64=True) as file:
            np.lib.format.write_array_header_1_0(file, about | {"shape": (count, *first.shape[1:])})
            for piece in pieces:
                file.write(np.ascontiguousarray(_array(piece)).data)
        if first.dim() == 4:  # or pictures that are all bright would pass for [0, 1]
            with archive.open("range.npy", "w") as file:
                np.lib.format.write_array(file, np.array([-1.0, 1.0]))


def _array(samples: Tensor) -> NDArray[Any]:
    return (samples.float() if samples.dtype == torch.bfloat16 else samples).numpy()


def _pictures(pieces: Iterable[Tensor], names: Iterable[str], folder: Path) -> None:
    images = (image for piece in pieces for image in piece)
    for image, name in zip(images, names, strict=False):
        to_picture(image).save(folder / f"{name}.png")


def into_new(folder: Path, fill: Callable[[Path], None]) -> None:
    """Let `fill` write into a folder beside, and put that in place in one move."""
    temporary = folder.with_name(f".{folder.name}.{secrets.token_hex(6)}.tmp")
    temporary.mkdir()
    try:
        fill(temporary)
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
        temporary.rename(folder)
    except OSError as error:
        if folder.exists():
            raise GansmithError(f"--out {folder} already holds files: choose a new folder") from error
        raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _png(rows: Iterator[NDArray[np.uint8]], path: Path) -> None:
    """Write strips (height, width, 3) of bytes as one PNG; its height is told when all are there.

    PNG specification, third edition, W3C 2025: chunks, and filter 2, which holds each line against the one above.
    """
    with path.open("wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        place, height, width = file.tell(), 0, 0
        _chunk(file, b"IHDR", bytes(13))
        packed, above = zlib.compressobj(), None
        for strip in rows:
            lines = strip.reshape(len(strip), -1)
            above = np.zeros_like(lines[0]) if above is None else above
            change = lines - np.concatenate([above[None], lines[:-1]])
            above, height, width = lines[-1], height + len(strip), strip.shape[1]
            _chunk(file, b"IDAT", packed.compress(np.insert(change, 0, 2, axis=1).tobytes()))
        _chunk(file, b"IDAT", packed.flush())
        _chunk(file, b"IEND", b"")
        file.seek(place)
        _chunk(file, b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


def _chunk(file: IO[bytes], kind: bytes, content: bytes) -> None:
    if content or kind == b"IEND":
        code = zlib.crc32(kind + content)
        file.write(struct.pack(">I", len(content)) + kind + content + struct.pack(">I", code))
