"""Painting over a picture: the page."""

from __future__ import annotations

import functools
from typing import Any

import streamlit as st

from gansmith.errors import GansmithError
from gansmith.studio.look import asset, heading
from gansmith.studio.pictures import generator, known


@functools.cache
def _edit() -> Any:
    return st.components.v2.component(
        "gansmith.edit", html=asset("edit.html"), css=asset("edit.css"), js=asset("edit.js")
    )


def show() -> None:
    """Draw the page."""
    heading("Edit", "Paint over somebody whom nobody drew, and the generator makes the nearest picture that it can.")
    names = known()
    name = names[0]
    if len(names) > 1:
        name = st.columns([2, 5])[0].selectbox("Generator", names)
    try:
        gan = generator(name)
    except GansmithError as error:
        st.info(str(error))
        return
    _edit()(key="edit-canvas", data={"name": name, "side": gan.shape[-1]})
