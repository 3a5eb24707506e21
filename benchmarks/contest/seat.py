"""A side in a process of its own: what it does to that process, its allocator and threads included, is its affair."""

from __future__ import annotations

import contextlib
import os
import resource
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor

from contest.ours import Ours
from contest.sides import SIDES
from contest.works import Ground, Side, prepare
from gansmith.training.stopwatch import Operations

CHECKED = 5  # steps


class Opened(NamedTuple):
    """A side that is ready to play."""

    seconds: float
    """How long it took to its second step, from where torch is imported and the data lie in memory."""
    note: str


class Walked(NamedTuple):
    """The weights of both networks before and after some steps; None where a side takes other steps on purpose."""

    before: list[Tensor]
    after: list[Tensor] | None


class Seat:
    """Asks a side in another process, which plays only while it is asked.

    Args:
        side: its name among `SIDES`.
        work: what it plays.
        batch: samples in a minibatch.
        threads: of torch.
        device: where it plays.
    """

    def __init__(self, side: str, work: str, batch: int, threads: int, device: str) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, side, work, batch, threads, device), daemon=True)
        self._process.start()
        theirs.close()

    def open(self) -> Opened:
        """Let it build what it plays with, and play two steps."""
        opened: Opened = self._ask("open")
        return opened

    def play(self, steps: int) -> float:
        """Let it play some steps; return milliseconds per step."""
        milliseconds: float = self._ask("play", steps)
        return milliseconds

    def memory(self) -> float:
        """Return the MiB that it took at most, over those from where the data lay in memory."""
        mebibytes: float = self._ask("memory")
        return mebibytes

    def walk(self) -> Walked:
        """Let it take a few steps anew from the start, in float64 and with small minibatches."""
        walked: Walked = self._ask("walk")
        return walked

    def costs(self, slices: int, seconds: float) -> dict[str, list[float]]:
        """Return what parts of a step of gansmith cost, in percent of the step without them, slice by slice."""
        percent: dict[str, list[float]] = self._ask("costs", slices, seconds)
        return percent

    def flops(self) -> int:
        """Return the floating-point operations of one step: those of convolutions and products, as torch counts."""
        operations: int = self._ask("flops")
        return operations

    def _ask(self, what: str, *arguments: Any) -> Any:
        self._pipe.send((what, arguments))
        answer = self._pipe.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        """End the process."""
        self._pipe.close()
        self._process.join(timeout=10)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def _serve(pipe: Connection, side: str, work: str, batch: int, threads: int, device: str) -> None:
    """Do what is asked for, until nobody asks any more."""
    torch.set_num_threads(threads)
    torch.backends.cudnn.allow_tf32 = False  # fp32 for all
    os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"] = "false"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, contextlib.suppress(EOFError):
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = folder  # so that what is compiled has not been compiled before
        player = _Player(side, work, batch, torch.device(device), Path(folder))
        while True:
            what, arguments = pipe.recv()
            try:
                pipe.send(getattr(player, what)(*arguments))
            except Exception as error:
                pipe.send(error)


class _Player:
    def __init__(self, side: str, work: str, batch: int, device: torch.device, folder: Path) -> None:
        self.builder, self.work, self.device, self.folder = SIDES[side], work, device, folder
        self.ground: Ground = prepare(work, device, folder, batch=batch)
        self.side: Side

    def open(self) -> Opened:
        _forget_peak(self.device)
        self.held = _memory(self.device, peak=False)
        start = time.perf_counter()
        self.side = self.builder(self.ground)
        self.side.play(2)
        return Opened(time.perf_counter() - start, self.side.note)

    def play(self, steps: int) -> float:
        start = time.perf_counter()
        self.side.play(steps)
        if self.device.type == "cuda":
            torch.cuda.synchronize()
        return (time.perf_counter() - start) * 1000 / steps

    def memory(self) -> float:
        return _memory(self.device, peak=True) - self.held

    def costs(self, slices: int, seconds: float) -> dict[str, list[float]]:
        assert isinstance(self.side, Ours)
        return self.side.costs(slices, seconds)

    def flops(self) -> int:
        with Operations() as counted:
            self.side.play(1)
        total: int = counted.total
        return total

    def walk(self) -> Walked:
        return walk(self.builder, self.work, self.device, self.folder)


def walk(builder: Callable[[Ground], Side], work: str, device: torch.device, folder: Path, **changes: Any) -> Walked:
    """Let a side take a few steps of a work from its start, in float64 and with minibatches of 8.

    In float32, rounding now and then flips a ReLU, and with it the sign of some small gradients, and an early step of
    Adam is as long as the learning rate whatever the gradient's size.
    """
    usual = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        ground = prepare(work, device, folder, batch=8, **changes)
        before = [parameter.detach().clone() for network in ground.initial for parameter in network.parameters()]
        side = builder(ground)
        if not side.same:
            return Walked(before, None)
        side.play(CHECKED)
    finally:
        torch.set_default_dtype(usual)
    return Walked(before, [weight.detach().to("cpu", torch.float64).contiguous() for weight in side.weights()])


def _forget_peak(device: torch.device) -> None:
    """Let the most that was ever held begin from now, where the system can."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats()
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _memory(device: torch.device, peak: bool) -> float:
    """Return the MiB that this process holds now, or held at most (at most, where the system does not tell)."""
    status = Path("/proc/self/status")
    if device.type == "cuda":
        return (torch.cuda.max_memory_allocated() if peak else torch.cuda.memory_allocated()) / 2**20
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    field = "VmHWM:" if peak else "VmRSS:"
    line = next(line for line in status.read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) / 2**10
