"""Steps per second and memory of one work: the plain loop and gansmith, all in turn in one process, in each precision.

The plain loop in bf16 is the same loop inside torch.autocast. Ratios are taken within a round of turns. Compiled sides
come last, each if the time left allows for it, and then everybody plays again.
"""

from __future__ import annotations

import signal
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import torch
from contest.measure import in_turn
from contest.ours import gansmith
from contest.plain import plain
from contest.works import WORKS, Ground, Side, Skipped, prepare

from gansmith.recipes.parts import Compute
from gansmith.training.device import prepared
from gpu.look import cannot_compile
from gpu.notes import FAILED, PASSED, SKIPPED, Notes

PRECISIONS = ("fp32", "tf32", "bf16")
MIB = 2**20


class TooLong(BaseException):  # which nobody on the way takes for a failure of the compiler
    """Compiling would take more time than there is."""


class Plain:
    """The plain loop in a precision.

    Args:
        ground: what it plays.
        precision: of its products.
    """

    def __init__(self, ground: Ground, precision: str) -> None:
        if precision == "tf32" and ground.device.type != "cuda":
            raise Skipped("CUDA alone")
        self.side: Side = plain(ground)
        self.compute = Compute(precision=precision)  # type: ignore[arg-type]
        self.kind = ground.device.type

    def play(self, steps: int) -> None:
        low = torch.autocast(self.kind, torch.bfloat16) if self.compute.precision == "bf16" else nullcontext()
        with prepared(self.compute), low:
            self.side.play(steps)


class Timed:
    """A side whose slices are timed, until the device is done with them."""

    def __init__(self, side: Any, device: torch.device) -> None:
        self.side, self.device = side, device

    def play(self, steps: int) -> float:
        _wait(self.device)
        start = time.perf_counter()
        self.side.play(steps)
        _wait(self.device)
        return (time.perf_counter() - start) * 1000 / steps


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()


class Race:
    """All sides of one work.

    Args:
        work: its name in the contest.
        device: where it is played.
        small: a batch of 8 and narrow networks, to see that everything runs.
        batch: samples in a minibatch.
        until: the time (of time.monotonic) at which all must be over.
        notes: where the figures go.
    """

    def __init__(self, work: str, device: str, small: bool, batch: int, until: float, notes: Notes) -> None:
        self.work, self.device, self.until, self.notes = work, torch.device(device), until, notes
        self.slices, self.seconds = (2, 0.1) if small else (5, 0.4)
        self.changes = {"batch": batch} | ({"width": 8} if small else {})
        self.seats: dict[str, Timed] = {}
        self.memory: dict[str, list[float]] = {}

    def run(self) -> bool:
        """Play; tell whether nobody failed."""
        torch.backends.cudnn.allow_tf32 = False
        folder = Path(tempfile.mkdtemp())  # not removed here: TensorBoard writes on while the process lives
        ground = prepare(self.work, self.device, folder, **self.changes)
        title = WORKS[self.work][0] + (f", but {self.changes['width']} wide" if "width" in self.changes else "")
        self.notes.write(kind="work", work=self.work, title=title, batch=self.changes["batch"])
        self._begin()
        fine = True
        for precision in PRECISIONS:
            fine &= self._open(f"plain {precision}", partial(Plain, precision=precision), ground)
            fine &= self._open(f"gansmith {precision}", gansmith(precision=precision), ground)
        self._time()
        longest = 0.0
        for precision in ("fp32", "bf16", "tf32"):
            start = time.monotonic()
            fine &= self._open_compiled(precision, ground, longest)
            longest = max(longest, time.monotonic() - start)
        if any("compiled" in name for name in self.seats):
            self._time()
        return fine

    def _begin(self) -> None:
        """Let the libraries take the memory that they keep for all, lest it count for whoever comes first."""
        for kind in (torch.float32, torch.bfloat16):
            square = torch.ones(64, 64, device=self.device, dtype=kind)
            torch.nn.functional.conv2d((square @ square)[None, None], square[None, None, :3, :3])
        _wait(self.device)

    def _open(self, name: str, builder: Callable[[Ground], Any], ground: Ground) -> bool:
        """Build a side and let it play three steps; note what memory that took, and how long."""
        before = self._held()
        if self.device.type == "cuda":
            torch.cuda.reset_peak_memory_stats()
        start, held = time.perf_counter(), self._allocated()
        try:
            side = builder(ground)
            side.play(3)
            _wait(self.device)
            remark, result = "", PASSED
        except (Skipped, TooLong) as why:
            remark, result = str(why), SKIPPED
        except Exception as error:
            remark, result = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}", FAILED
        else:
            self.seats[name] = Timed(side, self.device)
            self.memory[name] = [self._peak() - held, self._held() - before]
        seconds = round(time.perf_counter() - start, 1)
        self.notes.write(kind="opened", work=self.work, side=name, result=result, seconds=seconds, remark=remark)
        print(f"{result:8}{seconds:6.1f} s  {self.work}, {name}: {remark or 'three steps'}", flush=True)
        return result != FAILED

    def _open_compiled(self, precision: str, ground: Ground, longest: float) -> bool:
        left = self.until - time.monotonic() - self._timing()
        name = f"gansmith {precision} compiled"

        def build(ground: Ground) -> Any:
            if why := cannot_compile(self.device.type):
                raise Skipped(why)
            if left < max(longest, 10):
                raise Skipped(f"no time left to compile ({left:.0f} s)")
            return gansmith(precision=precision, compile=True)(ground)

        with _alarm(max(left, 1)):
            return self._open(name, build, ground)

    def _timing(self) -> float:
        """Return about how long it takes that everybody plays, the compiled sides to come included."""
        return (len(self.seats) + 1) * (self.slices + 4) * self.seconds + 5

    def _time(self) -> None:
        """Let all play in turn, and note the figures."""
        milliseconds = in_turn(self.seats, self.slices, self.seconds)
        for name, own in milliseconds.items():
            same = f"plain {name.split()[1]}"
            ratios = {
                f"to_{what}": [a / b for a, b in zip(milliseconds[other], own, strict=True)]
                for what, other in (("fp32", "plain fp32"), ("same", same))
                if other in milliseconds
            }
            peak, held = self.memory[name]
            figures = {"milliseconds": own, "peak": peak, "held": held, **ratios}
            self.notes.write(kind="timed", work=self.work, side=name, **figures)
            print(f"{self.work}, {name}: {1000 / statistics.median(own):.2f} steps/s, peak {peak:.0f} MiB", flush=True)

    def _peak(self) -> float:
        return torch.cuda.max_memory_allocated() / MIB if self.device.type == "cuda" else float("nan")

    def _allocated(self) -> float:
        return torch.cuda.memory_allocated() / MIB if self.device.type == "cuda" else 0.0

    def _held(self) -> float:
        """Return what is kept of the card between steps, a launched graph's own memory included."""
        if self.device.type != "cuda":
            return float("nan")
        torch.cuda.empty_cache()
        return torch.cuda.memory_reserved() / MIB


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Raise `TooLong` in whatever takes longer."""

    def ring(number: int, frame: FrameType | None) -> None:
        raise TooLong(f"compiling took longer than the {seconds:.0f} s left")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
