"""The playground: a canvas in the page, and the socket beside it."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import streamlit as st

from gansmith.playground.presets import PRESETS
from gansmith.playground.quantities import EXPLAINED
from gansmith.playground.setting import DEFAULTS
from gansmith.studio.look import asset, heading

SCRIPTS = (
    *("socket.js", "pins.js", "picture.js", "line.js", "units.js", "curves.js"),
    *("controls.js", "playground.js", "hands.js"),
)
SHOWN = ("name", "title", "look", "why")


@functools.cache
def _canvas() -> Any:
    return st.components.v2.component(
        "gansmith.playground",
        html=asset("playground.html"),
        css=asset("playground.css"),
        js="\n".join(map(asset, SCRIPTS)),
    )


def show() -> None:
    """Draw the page."""
    heading(
        "Playground",
        "Two networks play: G makes samples of noise, D tells them from data. Space plays, → steps, S slows.",
    )
    presets = [{n: v for n, v in dataclasses.asdict(one).items() if n in SHOWN} for one in PRESETS]
    quantities = {name: explained._asdict() for name, explained in EXPLAINED.items()}
    _canvas()(key="playground", data={"presets": presets, "quantities": quantities, "defaults": DEFAULTS})
