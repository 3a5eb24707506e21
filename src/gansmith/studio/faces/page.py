"""Faces with sliders: the page."""

from __future__ import annotations

import functools
from typing import Any

import streamlit as st

from gansmith.errors import GansmithError
from gansmith.studio.look import asset, heading
from gansmith.studio.pictures import generator, steerable

FIRST = ("Young", "Smiling", "Male", "Brown_Hair")
"""The sliders that are there before anybody asks for others."""


@functools.cache
def _faces() -> Any:
    return st.components.v2.component(
        "gansmith.faces", html=asset("faces.html"), css=asset("faces.css"), js=asset("faces.js")
    )


def show() -> None:
    """Draw the page."""
    heading("Faces", "Nobody drew them. A slider moves one thing about a face; 50 leaves it as it is.")
    names = steerable()
    name = names[0]
    if len(names) > 1:
        name = st.columns([2, 5])[0].selectbox("Generator", names)
    try:
        attributes = generator(name).directions.names
    except GansmithError as error:
        st.info(str(error))
        return
    first = [one for one in FIRST if one in attributes] or list(attributes[:4])
    _faces()(key="faces-canvas", data={"name": name, "attributes": attributes, "first": first})
