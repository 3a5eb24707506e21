"""What a run writes down: one line of JSON per entry, and the same numbers for TensorBoard."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gansmith.files import write_atomically

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter


class Journal:
    """Numbers by step in `journal.jsonl`, mirrored as TensorBoard scalars in the same folder.

    Args:
        path: the journal, or None to keep the latest numbers alone; entries after `step` are cut off, since a resumed
            run will write them again.
        step: the step to go on from.

    Attributes:
        latest: the last value of every number written here so far.
    """

    def __init__(self, path: Path | None, step: int = 0) -> None:
        self.path = path
        self.latest: dict[str, float] = {}
        self._board: SummaryWriter | None = None
        self._purge = step + 1 if step else None
        if path is not None and path.exists():
            kept = [json.dumps(entry) + "\n" for entry in read_journal(path) if entry["step"] <= step]
            write_atomically(path, lambda temporary: temporary.write_text("".join(kept), encoding="utf-8"))

    def write(self, step: int, numbers: dict[str, float]) -> None:
        """Add an entry."""
        self.latest |= numbers
        if self.path is None:
            return
        finite = {name: value if math.isfinite(value) else None for name, value in numbers.items()}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"step": step, **finite}) + "\n")
        for name, value in numbers.items():
            self.board.add_scalar(name, value, step)

    @property
    def board(self) -> SummaryWriter:
        """The TensorBoard event file, opened when first needed."""
        if self._board is None:
            from torch.utils.tensorboard import SummaryWriter

            assert self.path is not None
            self._board = SummaryWriter(str(self.path.parent), purge_step=self._purge)
        return self._board

    def close(self) -> None:
        """Bring everything to disk."""
        if self._board is not None:
            self._board.close()


def read_journal(path: Path) -> list[dict[str, Any]]:
    """Return the entries of a journal; a last line that was cut short is left out."""
    entries = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            entries.append(json.loads(line))
        except json.JSONDecodeError:
            break
    return entries
