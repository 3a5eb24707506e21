"""Portraits by number: portrait i of seed s is a function of (s, i) and the side alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from gansmith.data.portraits.canvas import Frame
from gansmith.data.portraits.chance import Chance
from gansmith.data.portraits.features import age, brows, eyes, mouth, nose
from gansmith.data.portraits.figure import backdrop, clothes, ears, head, head_shape, neck
from gansmith.data.portraits.hair import Hair, beard
from gansmith.data.portraits.people import People
from gansmith.data.portraits.things import earrings, glasses, hat
from gansmith.data.portraits.traits import Traits, traits
from gansmith.numerics import settle_vector_mathematics

PIXELS = 2**17
"""In a batch: as many as the processor's cache holds the intermediate results of."""


@torch.no_grad()
def draw(seed: int, indices: Sequence[int] | range, size: int = 64) -> tuple[Tensor, Tensor]:
    """Return the portraits of these indices: uint8 (N, 3, size, size), and their attributes, float32 (N, A)."""
    settle_vector_mathematics()  # whose roots are used
    rows = np.asarray(indices, dtype=np.int64)
    chance = Chance(seed, rows)
    people = People(chance)
    look = traits(people, chance)
    images = torch.empty(len(rows), 3, size, size, dtype=torch.uint8)
    count = max(1, PIXELS // size**2)
    for start in range(0, len(rows), count):
        part = slice(start, start + count)
        images[part] = to_bytes(render(look.rows(part), size))
    return images, torch.from_numpy(people.attributes())


def attributes(seed: int, indices: Sequence[int] | range) -> Tensor:
    """Return what is known of the portraits of these indices, float32 (N, A), without drawing them."""
    return torch.from_numpy(People(Chance(seed, np.asarray(indices, dtype=np.int64))).attributes())


def render(look: Traits, size: int) -> Tensor:
    """Return portraits (N, 3, size, size) in [0, 1]."""
    frame = Frame(look, size)
    outline = frame.outline(lambda v: head_shape(frame, v))
    hair = Hair(frame)
    canvas = backdrop(frame)
    hair.behind(canvas)
    neck(frame, canvas, outline)
    clothes(frame, canvas)
    ears(frame, canvas)
    head(frame, canvas, outline)
    age(frame, canvas)
    nose(frame, canvas)
    beard(frame, canvas)
    mouth(frame, canvas)
    eyes(frame, canvas)
    hair.front(canvas)
    brows(frame, canvas)
    hat(frame, canvas)
    glasses(frame, canvas)
    earrings(frame, canvas)
    return canvas


def to_bytes(canvas: Tensor) -> Tensor:
    """Return bytes, rounded."""
    return (canvas * 255.0 + 0.5).clamp_(0.0, 255.0).to(torch.uint8)
