"""What the parts of a run on a GPU leave for the page: one line of JSON for each thing that is found, at once."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PASSED, FAILED, SKIPPED = "pass", "FAIL", "skipped"


class Notes:
    """Where a part of the run writes what it finds, so that a part that is cut short leaves what it had.

    Args:
        path: of its own file; what a former run wrote there is gone.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.unlink(missing_ok=True)

    def write(self, **row: Any) -> None:
        """Write one thing down."""
        with self.path.open("a") as file:
            file.write(json.dumps(row) + "\n")

    def check(self, part: str, name: str, what: Callable[[], str], skips: tuple[type[Exception], ...]) -> bool:
        """Do something, write down and print how it ended and how long it took; tell whether it did not fail.

        Args:
            part: what it belongs to.
            name: of it.
            what: returns a remark, or raises.
            skips: what it raises where it cannot be done here, which is no failure.
        """
        start = time.perf_counter()
        try:
            result, remark = PASSED, what()
        except skips as why:
            result, remark = SKIPPED, str(why)
        except Exception as error:
            result, remark = FAILED, f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
        seconds = round(time.perf_counter() - start, 1)
        self.write(kind="check", part=part, name=name, result=result, seconds=seconds, remark=remark)
        print(f"{result:8}{seconds:6.1f} s  {name}: {remark}", flush=True)
        return result != FAILED


def read(folder: Path) -> list[dict[str, Any]]:
    """Return all that was written down, part by part."""
    return [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text().splitlines()]
