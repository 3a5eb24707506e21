"""How pages look beyond the theme: widths, and the typography of explanations."""

from __future__ import annotations

import base64
import functools
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from PIL.Image import Image

ASSETS = Path(__file__).parent / "assets"


def asset(name: str) -> str:
    """Return a file of the studio's own."""
    return (ASSETS / name).read_text(encoding="utf-8")


@functools.cache
def picture(name: str) -> str:
    """Return one of the studio's own pictures as an element of a page; nothing for no name."""
    if not name:
        return ""
    return f'<img alt="" src="data:image/webp;base64,{base64.b64encode((ASSETS / name).read_bytes()).decode()}">'


@functools.cache
def icon() -> Image:
    """Return the sign of the tab: real and generated, over each other."""
    from PIL import Image, ImageDraw

    sign = Image.new("RGBA", (64, 64))
    draw = ImageDraw.Draw(sign)
    draw.ellipse((4, 12, 42, 50), fill=(29, 127, 149, 255))
    draw.ellipse((22, 12, 60, 50), fill=(210, 96, 15, 200))
    return sign


def style() -> None:
    """Put the studio's own style over Streamlit's."""
    st.html(f"<style>{asset('studio.css')}</style>")


def heading(title: str, lead: str) -> None:
    """Open a page: its title and one sentence that says what it is for."""
    st.html(f'<header class="gs-head"><h1>{title}</h1><p>{lead}</p></header>')
