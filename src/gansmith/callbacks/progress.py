"""What a person sees while a run goes on."""

from __future__ import annotations

import html
import importlib
import math
import time
from types import TracebackType
from typing import TYPE_CHECKING

from gansmith.streams import forked
from gansmith.training.pictures import is_mark

with forked():  # at its import rich draws a number
    from rich import progress as bars
    from rich.console import Console

if TYPE_CHECKING:
    from gansmith.records.journal import Journal
    from gansmith.training.moment import Moment


class Progress:
    """A bar with rate, time left and the numbers that matter; plain lines where there is neither terminal nor notebook.

    Args:
        total: steps of the run.
        done: steps already played.
        journal: where the latest numbers are.
        quiet: show nothing.
    """

    def __init__(self, total: int, done: int, journal: Journal, quiet: bool) -> None:
        self.journal = journal
        self.start, self.begun, self.told = done, time.monotonic(), time.monotonic()
        self.console = Console(stderr=True, quiet=quiet)
        self.total = total
        self.live = self.console.is_terminal and not quiet
        self.bar = bars.Progress(
            bars.TextColumn("step"),
            bars.MofNCompleteColumn(),
            bars.BarColumn(),
            bars.TextColumn("{task.fields[rate]}"),
            bars.TimeRemainingColumn(),
            bars.TextColumn("{task.fields[numbers]}"),
            console=self.console,
            disable=not self.live,
            transient=True,
        )
        self.notebook = _Notebook(total) if self.console.is_jupyter and not quiet else None
        self.task = self.bar.add_task("", total=total, completed=done, rate="", numbers="")

    def __enter__(self) -> Progress:
        self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bar.stop()

    def say(self, line: str) -> None:
        """Print one line above the bar."""
        self.console.print(line, highlight=False, soft_wrap=True, markup=False)

    def due(self, step: int, last: bool) -> bool:
        return last or step % 10 == 0 or self._is_long_ago()

    def _is_long_ago(self) -> bool:
        return time.monotonic() - self.told >= PATIENCE

    def __call__(self, moment: Moment) -> None:
        trainer = moment.run
        latest, steps = self.journal.latest, trainer.steps_done
        numbers = "  ".join(f"{name} {latest[key]:.3g}" for name, key in _NUMBERS.items() if key in latest)
        rate = self._rate(steps)
        self.bar.update(self.task, completed=steps, rate=rate, numbers=numbers)
        if self.live:
            self.told = time.monotonic()
        elif self.notebook is not None:
            self.notebook.show(steps, "  ".join([rate, numbers]))
        elif is_mark(steps) or steps == self.total or self._is_long_ago():
            self.told = time.monotonic()
            self.say("  ".join(filter(None, [f"step {steps}/{self.total}", rate, numbers])))

    def _rate(self, steps: int) -> str:
        """Return the rate of late, or that since the start as long as nobody has measured it."""
        latest = self.journal.latest.get("steps_per_second")
        rate = (steps - self.start) / max(time.monotonic() - self.begun, 1e-9) if latest is None else latest
        return f"{rate:.1f}/s" if rate >= 1 else f"{60 * rate:.1f}/min"


class _Notebook:
    """A bar below the cell of a notebook."""

    def __init__(self, total: int) -> None:
        self.total = total
        self._display = importlib.import_module("IPython.display")  # which every notebook has
        self._place = self._display.display(self._display.HTML(""), display_id=True)
        self._shown = -math.inf

    def show(self, steps: int, text: str) -> None:
        """Move the bar, a few times a second at most."""
        if time.monotonic() - self._shown >= MOMENT or steps == self.total:
            self._shown = time.monotonic()
            bar = f'<progress value="{steps}" max="{self.total}"></progress> {steps}/{self.total} {html.escape(text)}'
            self._place.update(self._display.HTML(bar))


MOMENT = 0.2  # seconds between two pictures of a bar
PATIENCE = 120  # seconds without a line, where there is no terminal
_NUMBERS = {
    "D cost": "discriminator/cost",
    "G cost": "generator/cost",
    "D(real)": "score/real",
    "D(fake)": "score/fake",
    "FID": "fid",
    "modes": "modes",
}
