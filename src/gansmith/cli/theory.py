"""`gansmith theory [NAME …]`."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from gansmith.cli.arguments import POSITIONAL, parse
from gansmith.errors import GansmithError

if TYPE_CHECKING:
    from gansmith.figures import Figure


@dataclass(frozen=True)
class Theory:
    """Compute and draw what theory says; without a name, list the figures."""

    name: Annotated[str | None, POSITIONAL] = None
    """A figure, or all."""
    out: Path | None = None
    """FILE.png or FILE.gif, by default NAME.png (.gif for a film); a folder for all, by default figures."""


def main(arguments: list[str]) -> None:
    """List figures, or draw them and print what they found."""
    wanted = parse(Theory, "theory", arguments)
    from gansmith.figures import FIGURES
    from gansmith.figures.figure import check_path

    if wanted.name is None:
        for name, draw in FIGURES.items():
            print(f"{name:22} {(draw.__doc__ or '').splitlines()[0]}")
    elif wanted.name == "all":
        folder = wanted.out or Path("figures")
        if folder.suffix:
            raise GansmithError(f"--out {folder}: all figures need a folder")
        for name in FIGURES:
            _draw(name, None, folder, wanted.out is not None)
    else:
        if wanted.out is not None:
            check_path(wanted.out)
        _draw(wanted.name, wanted.out, Path())


def _draw(name: str, out: Path | None, folder: Path, chosen: bool = False) -> None:
    """Draw one figure to a file, or into a folder under its own name, and say what was found and where it is."""
    from gansmith.figures import figure

    drawn = figure(name)
    path = out or folder / f"{name}{'.gif' if len(drawn.frames) > 1 else '.png'}"
    if out is None and not chosen:
        path = _free(drawn, path)
    drawn.save(path)
    print(f"{path}: {drawn.caption}")


def _free(drawn: Figure, path: Path) -> Path:
    """Return a path that nobody asked for by name such that it costs no other file."""
    from gansmith.files import free_for

    with tempfile.TemporaryDirectory() as place:
        trial = Path(place) / path.name
        drawn.save(trial)
        return free_for(path, trial.read_bytes())
