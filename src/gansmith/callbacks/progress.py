"""What a person sees while a run goes on."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from rich import progress as bars
from rich.console import Console

from gansmith.training.pictures import is_mark

if TYPE_CHECKING:
    from gansmith.records.journal import Journal
    from gansmith.training.moment import Moment


class Progress:
    """A bar with rate, time left and the numbers that matter; plain lines where there is no terminal.

    Args:
        total: steps of the run.
        done: steps already played.
        journal: where the latest numbers are.
        quiet: show nothing.
    """

    def __init__(self, total: int, done: int, journal: Journal, quiet: bool) -> None:
        self.journal = journal
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
        return last or step % 10 == 0

    def __call__(self, moment: Moment) -> None:
        trainer = moment.run
        latest = self.journal.latest
        rate = f"{latest['steps_per_second']:.1f}/s" if "steps_per_second" in latest else ""
        numbers = "  ".join(f"{name} {latest[key]:.3g}" for name, key in _NUMBERS.items() if key in latest)
        self.bar.update(self.task, completed=trainer.steps_done, rate=rate, numbers=numbers)
        if not self.live and (is_mark(trainer.steps_done) or trainer.steps_done == self.total):
            self.say(f"step {trainer.steps_done}/{self.total}  {rate}  {numbers}")


_NUMBERS = {
    "D cost": "discriminator/cost",
    "G cost": "generator/cost",
    "D(real)": "score/real",
    "D(fake)": "score/fake",
    "FID": "fid",
    "modes": "modes",
}
