"""Figures as tables, for a terminal and for a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from gansmith.cli.text import readable

WIDE = 160  # columns where nobody looks at a terminal
BOLD = "[bold]{}[/bold]"


def figure(value: float | None, error: float | None = None) -> str:
    """Return a number with four significant digits, and its uncertainty where there is one.

    >>> figure(0.123456), figure(1234.5), figure(25), figure(0.0123, 0.0004), figure(None)
    ('0.1235', '1234', '25', '0.0123 ± 0.0004', '')
    """
    if value is None or value != value:
        return ""
    text = f"{value:.4g}" if abs(value) < 1000 else f"{value:.0f}"
    return text if error is None else f"{text} ± {error:.1g}"


def show(title: str, header: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "") -> None:
    """Print a table; numbers stand to the right of their column."""
    console = Console(soft_wrap=True, highlight=False)
    if not console.is_terminal:
        console = Console(width=WIDE, highlight=False)
    title, caption, *header = (readable(text, console.encoding) for text in (title, caption, *header))
    rows = [[readable(cell, console.encoding) for cell in row] for row in rows]
    table = Table(title=title, caption=caption, title_justify="left", caption_justify="left", header_style="")
    for i, name in enumerate(header):
        table.add_column(name, justify="right" if all(_is_number(row[i]) for row in rows) else "left")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return the same table as Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    text = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return text.replace("[bold]", "**").replace("[/bold]", "**") + "\n"


def measured_on(about: Mapping[str, Any]) -> str:
    """Say in one line how many samples were compared with what, through which features."""
    accuracy = about.get("features accuracy")
    skill = f", {accuracy:.1%} right on held-out images" if isinstance(accuracy, float) else ""
    features = f"features: {about['features']} ({about['dimensions']} numbers{skill})"
    real = f"{about['reference']:,} of {about['data']}" if "reference" in about else about["data"]
    return f"{about['samples']:,} samples against {real}; {features}"


def _is_number(cell: str) -> bool:
    return not cell or cell.removeprefix("[bold]").lstrip("-")[:1].isdigit()
