"""`gansmith theory [NAME …]`."""

from __future__ import annotations

import dataclasses
import inspect
import shutil
import tempfile
import typing
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from gansmith.cli.arguments import POSITIONAL, parse
from gansmith.errors import GansmithError
from gansmith.files import free_for
from gansmith.settings.ranges import Range

if TYPE_CHECKING:
    from gansmith.figures import Figure


@dataclass(frozen=True)
class Theory:
    """Compute and draw what theory says; without a name, list the figures."""

    name: Annotated[str | None, POSITIONAL] = None
    """A figure, or all; --help after a name tells the figure's own numbers."""
    out: Path | None = None
    """FILE.png, FILE.pdf, FILE.svg or FILE.gif, by default NAME.png (.gif for a film); a folder for all, by default
    figures."""
    dpi: Annotated[int, Range(least=30, most=1200)] = 110
    """Pixels an inch; for a printed page 300."""


OWN = {field.name for field in dataclasses.fields(Theory)}


def main(arguments: list[str]) -> None:
    """List figures, or draw them and print what they found."""
    if all(word.startswith("-") for word in arguments):
        parse(Theory, "theory", arguments)  # help needs no figure, and no torch
    from gansmith.figures import FIGURES
    from gansmith.figures.figure import check_path

    named = next((word for word in arguments if word in FIGURES), None)
    wanted = parse(with_numbers(FIGURES[named]) if named else Theory, f"theory {named or ''}".strip(), arguments)
    numbers = {f.name: getattr(wanted, f.name) for f in dataclasses.fields(wanted) if f.name not in OWN}
    if named is None and wanted.name is None:
        for name, draw in FIGURES.items():
            print(f"{name:22} {(draw.__doc__ or '').splitlines()[0]}")
    elif wanted.name == "all":
        folder = wanted.out or Path("figures")
        if folder.suffix:
            raise GansmithError(f"--out {folder}: all figures need a folder")
        for name in FIGURES:
            _draw(name, wanted.dpi, None, folder, wanted.out is not None)
    else:
        if wanted.out is not None:
            check_path(wanted.out)
        _draw(wanted.name or "", wanted.dpi, wanted.out, Path(), numbers=numbers)


def with_numbers(draw: Callable[..., Figure]) -> type[Theory]:
    """Return the settings of the verb and of one figure: a flag for each of its numbers."""
    types = typing.get_type_hints(draw, include_extras=True)
    about, _, arguments = inspect.cleandoc(draw.__doc__ or "").partition("\n\nArgs:\n")
    said = {name.strip(): text.strip() for name, _, text in (line.partition(":") for line in arguments.splitlines())}
    own = [
        (name, types[name], dataclasses.field(default=parameter.default, metadata={"help": said.get(name, "")}))
        for name, parameter in inspect.signature(draw).parameters.items()
    ]
    kind: type[Theory] = dataclasses.make_dataclass("Numbers", own, bases=(Theory,), frozen=True)
    kind.__doc__ = about
    return kind


def _draw(
    name: str,
    dpi: int,
    out: Path | None,
    folder: Path,
    chosen: bool = False,
    numbers: dict[str, Any] | None = None,
) -> None:
    """Draw one figure to a file, or into a folder under its own name, and say what was found and where it is."""
    from gansmith.figures import SECONDS, figure

    if name in SECONDS:
        print(f"{name}: takes about {SECONDS[name]} s", flush=True)
    drawn = figure(name, **(numbers or {}))
    path = out or folder / f"{name}{'.gif' if len(drawn.frames) > 1 else '.png'}"
    if out is None and not chosen:
        path = _written_beside(drawn, path, dpi)
    else:
        drawn.save(path, dpi)
    print(f"{path}: {drawn.caption}")


def _written_beside(drawn: Figure, path: Path, dpi: int) -> Path:
    """Write to a path that nobody asked for by name such that it costs no other file, and return it."""
    with tempfile.TemporaryDirectory() as place:
        trial = Path(place) / path.name
        drawn.save(trial, dpi)
        free = free_for(path, trial.read_bytes())
        free.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(trial, free)
    return free
