"""`gansmith studio [RUNS]`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from gansmith.cli.arguments import POSITIONAL, parse
from gansmith.settings import Range

Port = Annotated[int, Range(least=1, most=65535)]


@dataclass(frozen=True)
class Studio:
    """Open pages to play with GANs in the browser; needs pip install 'gansmith[studio]'."""

    runs: Annotated[Path | None, POSITIONAL] = None
    """Folder of runs whose generators the pages may use; nothing else is read. By default runs, if it is there."""
    port: Port = 8501
    """Port of the pages."""
    address: str = "localhost"
    """Who may open them: localhost, this machine alone; 0.0.0.0, everybody who can reach it."""


def main(arguments: list[str]) -> None:
    """Serve the pages until somebody interrupts."""
    wanted = parse(Studio, "studio", arguments)
    from gansmith.studio.serving import serve

    serve(wanted.runs, wanted.port, wanted.address)
