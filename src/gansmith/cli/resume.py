"""`gansmith resume RUN …`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from gansmith.cli.arguments import POSITIONAL, parse_some, read_setting


@dataclass(frozen=True)
class Resume:
    """Go on with a run from its last checkpoint, as if it had never stopped; or with other settings from there on.

    Those of optimisers, weights of terms, dynamics, records, evaluation and others that leave networks and data as they
    are: gansmith resume RUN --lr 1e-4 --patience 5. The run's config.json tells them from then on.
    """

    run: Annotated[Path, POSITIONAL]
    """Run folder."""
    steps: int | None = None
    """New total of steps; by default the recipe's."""
    trust: bool = False
    """Import the code of its own that the run is made with."""
    accept_changed_data: bool = False
    """Go on though the data are not what they were, and write that down."""


def main(arguments: list[str]) -> None:
    """Go on with a run."""
    wanted, changes = parse_some(Resume, "resume", arguments)
    from gansmith.recipes.composition import change
    from gansmith.records.run_folder import RunFolder
    from gansmith.runs.resuming import resume
    from gansmith.settings.values import expanded

    recipe = None
    if changes:
        recipe = change(RunFolder(expanded(str(wanted.run))).read(wanted.trust).recipe, changes, read_setting)
    print(
        resume(
            wanted.run, wanted.steps, trust=wanted.trust, accept_changed_data=wanted.accept_changed_data, recipe=recipe
        ).run
    )
