"""Picture strips: a row a person, a column a place along a slider or a direction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor

from gansmith.generators.pictures import grid
from gansmith.generators.writing import into_new
from gansmith.latent.directions import Directions

PEOPLE, COLUMNS = 5, 11
WIDEST = 3.0  # standard deviations to either side, along directions without labels


def strips(found: Directions, people: int = PEOPLE, seed: int = 0) -> Iterator[tuple[str, Tensor]]:
    """Yield a name and images (people · 11, C, H, W) for each attribute, from 0 to 100, and each other direction.

    Args:
        found: what moves them; what is not tied to an attribute is held.
        people: rows.
        seed: of the people.
    """
    points, images = found.space.drawn(people, seed), found.space.images
    for name in found.names:
        moved = [images(found.move(points, name, float(value))) for value in torch.linspace(0, 100, COLUMNS)]
        yield name, torch.stack(moved, dim=1).flatten(0, 1)
    for one in found.unsupervised:
        for k, i in enumerate(one.moves):
            places = torch.linspace(-WIDEST, WIDEST, COLUMNS)
            moved = [images(one.along(points, k, float(place))) for place in places]
            yield f"{one.method}-{k + 1}-{found.names[i]}", torch.stack(moved, dim=1).flatten(0, 1)


def write_strips(found: Directions, folder: Path, people: int = PEOPLE, seed: int = 0) -> None:
    """Write a picture for each of the strips into a new folder; nothing is there until all of it is."""

    def fill(place: Path) -> None:
        for name, images in strips(found, people, seed):
            called = re.sub(r"[^\w.+-]+", "_", name)
            grid(images, COLUMNS).save(place / f"{called}.png")

    folder.parent.mkdir(parents=True, exist_ok=True)
    into_new(folder, fill)
