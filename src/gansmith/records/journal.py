"""What a run writes down: one line of JSON per entry, and the same for TensorBoard, with pictures."""

from __future__ import annotations

import json
import math
import warnings
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gansmith.files import write_atomically
from gansmith.recipes.composition import Recipe
from gansmith.recipes.shown import composition
from gansmith.settings.components import leaves

if TYPE_CHECKING:
    from PIL import Image
    from torch.utils.tensorboard import SummaryWriter


COMPARED = ("fid", "kid", "recall", "sliced_wasserstein", "discriminator/cost", "generator/cost")
"""Numbers that TensorBoard shows beside the hyper-parameters."""


class Journal:
    """Numbers by step in `journal.jsonl`, mirrored in the same folder for TensorBoard, with pictures and the recipe.

    Args:
        path: the journal, or None to keep the latest numbers alone; entries after `step` are cut off, since a resumed
            run will write them again.
        step: the step to go on from.
        recipe: shown by TensorBoard, as text and as hyper-parameters.

    Attributes:
        latest: the last value of every number written here so far.
    """

    def __init__(self, path: Path | None, step: int = 0, recipe: Recipe | None = None) -> None:
        self.path = path
        self.latest: dict[str, float] = {}
        self._recipe = recipe
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
        if self.board is not None:
            for name, value in numbers.items():
                self.board.add_scalar(name, value, step)

    def show(self, step: int, name: str, picture: Image.Image) -> None:
        """Add a picture, for TensorBoard alone."""
        if self.board is not None:
            import numpy as np

            self.board.add_image(name, np.asarray(picture.convert("RGB")), step, dataformats="HWC")

    @cached_property
    def board(self) -> SummaryWriter | None:
        """The TensorBoard event file, opened when first needed; None without a folder, or where it cannot be."""
        if self.path is None:
            return None
        try:
            from torch.utils.tensorboard import SummaryWriter
        except Exception as error:  # a protobuf or a numpy that does not fit raises many kinds
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            warnings.warn(f"TensorBoard cannot be used ({reason}): the numbers are in {self.path} alone", stacklevel=2)
            return None
        self._board = SummaryWriter(str(self.path.parent), purge_step=self._purge)
        if self._recipe is not None:
            _describe(self._board, self._recipe, self._purge or 0)
        return self._board

    def close(self) -> None:
        """Bring everything to disk."""
        if self._board is not None:
            self._board.close()


def _describe(board: SummaryWriter, recipe: Recipe, step: int) -> None:
    """Write the recipe as text, and its settings as hyper-parameters of the figures that runs are compared by."""
    from torch.utils.tensorboard.summary import hparams

    page = "".join(f"    {line}\n" for line in composition(recipe).splitlines())  # Markdown takes it for code
    board.add_text("recipe", page, step)
    plain = {path: value for path, value in leaves(recipe).items() if value != ""}
    values = {path: value if isinstance(value, bool | int | float) else str(value) for path, value in plain.items()}
    settings = {"recipe": recipe.name, **values}
    for summary in hparams(settings, dict.fromkeys(COMPARED, 0.0)):  # type: ignore[no-untyped-call]
        board._get_file_writer().add_summary(summary)  # type: ignore[no-untyped-call]


def read_journal(path: Path) -> list[dict[str, Any]]:
    """Return the entries of a journal; a last line that was cut short is left out."""
    entries = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            entries.append(json.loads(line))
        except json.JSONDecodeError:
            break
    return entries
