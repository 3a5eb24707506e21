"""`gansmith resume RUN …`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tyro.conf import Positional

from gansmith.cli.arguments import parse


@dataclass(frozen=True)
class Resume:
    """Go on with a run from its last checkpoint, as if it had never stopped."""

    run: Positional[Path]
    """Run folder."""
    steps: int | None = None
    """New total of steps; by default the recipe's."""


def main(arguments: list[str]) -> None:
    """Go on with a run."""
    wanted = parse(Resume, "resume", arguments)
    from gansmith.runs.session import resume

    print(resume(wanted.run, wanted.steps).run)
