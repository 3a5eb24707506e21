"""Which sides of images a convolutional network makes."""

from __future__ import annotations

from gansmith.errors import GansmithError


def halvings(size: int, network: str) -> int:
    """Return how often `size` is halved down to 4 pixels, or say which sizes the network makes.

    >>> halvings(32, "dcgan")
    3
    """
    sizes = [8, 16, 32, 64, 128]
    if size not in sizes:
        larger = [s for s in sizes if s >= size]
        mend = f"use --image-size {larger[0] if larger else sizes[-1]}, or --network mlp for any size"
        raise GansmithError(f"{network} makes images of 8, 16, 32, 64 or 128 pixels, not {size}: {mend}")
    return size.bit_length() - 3


def quarter(size: int) -> int:
    """Return a quarter of a side that the infogan network makes, or say which sizes those are.

    >>> quarter(28)
    7
    """
    if size < 8 or size % 4:
        mend = f"use --image-size {max(8, -(-size // 4) * 4)}, or --network mlp for any size"
        raise GansmithError(f"infogan makes images whose side is a multiple of 4 pixels, from 8 on, not {size}: {mend}")
    return size // 4
