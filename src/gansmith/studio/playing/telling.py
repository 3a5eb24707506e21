"""What the page is told beside the picture: quantities, curves, and the same run elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gansmith.errors import GansmithError
from gansmith.playground.session import Session

ROWS = 300  # of a curve at most
COURSES = (("js",), ("w1", "sliced"), ("modes",))  # what is known of these: on the line, in the plane


def curves(session: Session) -> dict[str, np.ndarray[Any, Any]]:
    """Return costs (N, 3): step, D's, G's; courses (M, 4): step, JS, W₁ or sliced W₂, modes; kept steps."""
    costs = session.costs[:: len(session.costs) // ROWS + 1]
    told = session.told[:: len(session.told) // ROWS + 1]
    rows = [[step, *(_first(found, names) for names in COURSES)] for step, found in told]
    return {
        "costs": np.asarray(costs, np.float32).reshape(-1, 3),
        "courses": np.asarray(rows, np.float32).reshape(-1, 1 + len(COURSES)),
        "kept": np.asarray(session.kept, np.float32),
    }


def told_of(session: Session, measured: Mapping[str, float]) -> dict[str, Any]:
    """Return the quantities as they are where it stands, which may be before the last, and the run elsewhere."""
    quantities = dict(measured)
    costs = [row for row in session.costs if row[0] <= session.steps_done]
    if costs:
        _, quantities["discriminator"], quantities["generator"] = costs[-1]
    steps = max(session.steps_done, 1)
    try:
        command = session.setting.command(steps)
    except GansmithError as error:
        command = f"# {error}"
    return {"quantities": quantities, "command": command, "python": session.setting.python(steps)}


def _first(found: Mapping[str, float], names: tuple[str, ...]) -> float:
    return next((found[name] for name in names if name in found), float("nan"))
