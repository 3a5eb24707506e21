"""Ways, walks and coordinates of a latent space: the page."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import streamlit as st
import torch
from torch import Tensor

from gansmith.errors import GansmithError
from gansmith.generators.pictures import grid
from gansmith.generators.request import ConditionRequest
from gansmith.generators.trained import TrainedGenerator
from gansmith.latent.walks.animation import animate
from gansmith.latent.walks.traversals import traversed
from gansmith.latent.walks.walking import around, between
from gansmith.studio.look import heading
from gansmith.studio.pictures import generator, known

FRAMES, STRIP = 64, 9  # of an animation, and of a strip
LARGEST = 2**31 - 1


def show() -> None:
    """Draw the page."""
    heading("Latent", "The space that pictures come from: ways through it, and what single directions of it move.")
    side, main = st.columns([1, 3])
    names = known()
    name = side.selectbox("Generator", names) if len(names) > 1 else names[0]
    what = side.radio("Show", ["Between two", "A walk without an end", "One coordinate at a time", "Attributes mixed"])
    truncation = side.slider("Truncation", 0.3, 1.0, 1.0, 0.05, help="Below 1: less variety, more typical samples.")
    try:
        with main:
            PAGES[what](generator(name), truncation)
    except GansmithError as error:
        main.info(str(error))


def _between(gan: TrainedGenerator, truncation: float) -> None:
    left, right, third = st.columns(3)
    seeds = [int(left.number_input("From seed", 0, LARGEST, 3)), int(right.number_input("To seed", 0, LARGEST, 8))]
    request = _asked(gan, third)
    _strip(between(gan, seeds, STRIP - 1, False, truncation, request), STRIP, f"{gan.name}-{seeds[0]}-{seeds[1]}")
    st.caption("Along an arc of the noise: its middle is as far from the centre as its ends, as samples are.")
    frames = between(gan, seeds, FRAMES // 2, True, truncation, request)
    st.download_button("Download as GIF", _gif(frames), f"{gan.name}-{seeds[0]}-{seeds[1]}.gif", "image/gif")


def _walk(gan: TrainedGenerator, truncation: float) -> None:
    left, right = st.columns(2)
    seed = int(left.number_input("Seed of the walk", 0, LARGEST, 0))
    film = _gif(around(gan, FRAMES, seed, truncation, _asked(gan, right)))
    st.image(film, width=384, caption="Every frame is a draw from the prior, and the last leads to the first.")
    st.download_button("Download as GIF", film, f"{gan.name}-walk-{seed}.gif", "image/gif")


def _coordinates(gan: TrainedGenerator, truncation: float) -> None:
    left, right = st.columns(2)
    which = left.radio("Coordinates of", ["z", "w", "codes"], horizontal=True)
    seed = int(right.number_input("Seed of the person", 0, LARGEST, 7))
    with st.spinner("moving every coordinate of fifty people …"):
        found = traversed(gan, which, seed=seed, truncation=truncation)
    for name, row, pictures in zip(found.names, found.moved, found.pictures, strict=True):
        most = ", ".join(f"{found.attributes[i]} {float(row[i]):.2f}" for i in row.argsort(descending=True)[:3])
        st.caption(f"**{name}** from −2 to 2: {most}")
        _strip(pictures, len(pictures), f"{gan.name}-{seed}-{name}")
    n = found.numbers
    st.caption(
        f"Disentanglement {n.disentanglement:.2f}, completeness {n.completeness:.2f}, informativeness "
        f"{n.informativeness:.2f}, MIG {n.gap:.3f}: 1 would be one coordinate for each attribute, "
        "and one attribute for each coordinate."
    )


def _mixed(gan: TrainedGenerator, truncation: float) -> None:
    names = gan.directions.names
    left, middle, right = st.columns(3)
    add = left.multiselect("Give", names, [])
    subtract = middle.multiselect("Take away", [one for one in names if one not in add], [])
    seed = int(right.number_input("Seed of the people", 0, LARGEST, 7))
    moved = gan.directions.steered(add=add, subtract=subtract)
    people = [one.sample(6, seed, truncation) for one in (gan, moved)]
    _strip(torch.cat(people), 6, f"{gan.name}-{seed}-mixed")
    st.caption("Above as drawn, below with the mean of those who have it minus the mean of those who have not.")


PAGES = {
    "Between two": _between,
    "A walk without an end": _walk,
    "One coordinate at a time": _coordinates,
    "Attributes mixed": _mixed,
}


def _asked(gan: TrainedGenerator, place: st.delta_generator.DeltaGenerator) -> ConditionRequest:
    """Return what a conditional generator is asked for."""
    if not gan.condition.labels:
        return ConditionRequest()
    return ConditionRequest(labels=place.selectbox("Label", gan.vocabulary.labels))


def _strip(images: Tensor, columns: int, name: str) -> None:
    picture = grid(images, columns, tile=96)
    st.image(picture)
    file = io.BytesIO()
    picture.save(file, "PNG")
    st.download_button("Download as PNG", file.getvalue(), f"{name}.png", "image/png", key=name)


def _gif(frames: Tensor) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "walk.gif"
        animate(frames, out)
        return out.read_bytes()
