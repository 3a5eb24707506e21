"""Draws curves."""

from __future__ import annotations

from gansmith.records.journal import read_journal
from gansmith.records.run_folder import RunFolder
from gansmith.training import pictures
from gansmith.training.curves import curves
from gansmith.training.moment import Moment


class CurvePlot:
    """Draws the course of costs and metrics from the journal."""

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder

    def due(self, step: int, last: bool) -> bool:
        return last or pictures.is_mark(step, first=1000)

    def __call__(self, moment: Moment) -> None:
        pictures.save_picture(curves({"": read_journal(self.folder.journal)}), self.folder.curve)
