"""Ending a run before its last step, from outside."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol


class Stoppable(Protocol):
    """What can be asked to stop."""

    stopping: bool
    """Whether somebody has asked."""
    interrupted: bool
    """Whether it was by a signal."""


@contextmanager
def stop_on_signal(run: Stoppable) -> Iterator[None]:
    """Let Ctrl-C (and a termination request) end the run after the step in play; a second Ctrl-C ends it at once.

    A signal that is ignored, as under nohup, stays so.
    """

    def ask(number: int, frame: FrameType | None) -> None:
        if run.interrupted:
            raise KeyboardInterrupt
        run.interrupted = run.stopping = True

    heard = [n for n in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(n) is not signal.SIG_IGN]
    try:
        before = {number: signal.signal(number, ask) for number in heard}
    except ValueError:  # not the main thread: signals are somebody else's business
        before = {}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
