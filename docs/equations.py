"""Equations of the pages as MathML, which browsers draw themselves: nothing is fetched, and no script runs."""

from __future__ import annotations

import html
import re
from typing import Any

import latex2mathml.converter

FUNCTION = re.compile(r"(<mi>(?:exp|ln|log|max|min)</mi>)(?=<m(?!o))")
"""A function whose argument stands without brackets: a thin space sets it off."""
EQUATION = re.compile(r'<(span|div) class="arithmatex">\\([(\[])(.*?)\\[)\]]</\1>', re.DOTALL)


def on_page_content(text: str, **_: Any) -> str:
    """Replace what `pymdownx.arithmatex` has marked."""
    return EQUATION.sub(_drawn, text)


def _drawn(found: re.Match[str]) -> str:
    display = "block" if found.group(2) == "[" else "inline"
    drawn = latex2mathml.converter.convert(html.unescape(found.group(3)), display=display)
    return FUNCTION.sub(r'\1<mspace width="0.17em" />', drawn)
