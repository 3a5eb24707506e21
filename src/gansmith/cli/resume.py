"""`gansmith resume RUN …`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from gansmith.cli.arguments import POSITIONAL, parse


@dataclass(frozen=True)
class Resume:
    """Go on with a run from its last checkpoint, as if it had never stopped."""

    run: Annotated[Path, POSITIONAL]
    """Run folder."""
    steps: int | None = None
    """New total of steps; by default the recipe's."""
    trust: bool = False
    """Import the code of its own that the run is made with."""


def main(arguments: list[str]) -> None:
    """Go on with a run."""
    wanted = parse(Resume, "resume", arguments)
    from gansmith.runs.session import resume

    print(resume(wanted.run, wanted.steps, trust=wanted.trust).run)
