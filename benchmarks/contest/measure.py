"""How sides are compared: the same steps first, then the clock."""

from __future__ import annotations

import contextlib
import resource
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import torch

from contest.works import Ground, Side, Skipped
from gansmith.training.stopwatch import Operations

CHECKED = 5  # steps
TOLERANCE = 1e-4  # of how far the weights have moved
Builder = Callable[[Ground], Side]


def build(builders: Mapping[str, Builder], ground: Ground) -> tuple[dict[str, Side], dict[str, str]]:
    """Build every side, and say why those that cannot be built are missing."""
    sides, missing = {}, {}
    for name, builder in builders.items():
        try:
            sides[name] = builder(ground)
        except ModuleNotFoundError as error:
            missing[name] = f"skipped: {error.name} is not installed"
        except Skipped as why:
            missing[name] = f"skipped: {why}"
    return sides, missing


def disagreement(sides: Mapping[str, Side], ground: Ground) -> dict[str, float]:
    """Return how far each side's weights are from the first one's after five steps, as a part of how far they moved.

    To be asked in float64: in float32, rounding now and then flips a ReLU, and with it the sign of some small
    gradients, and an early step of Adam is as long as the learning rate whatever the gradient's size.
    """
    first, *others = sides.values()
    began = [parameter.detach().to(ground.device) for network in ground.initial for parameter in network.parameters()]
    first.play(CHECKED)
    ended = first.weights()
    moved = max(float((p - q).abs().max()) for p, q in zip(ended, began, strict=True))
    apart = {}
    for name, side in zip(list(sides)[1:], others, strict=True):
        if side.same:
            side.play(CHECKED)
            twins = zip(side.weights(), ended, strict=True)
            apart[name] = max(float((p.to(q) - q).abs().max()) for p, q in twins) / moved
    return apart


def interleave(sides: Mapping[str, Side], slices: int, seconds: float) -> dict[str, list[float]]:
    """Let the sides play in turn, a slice each; return every side's milliseconds per step, slice by slice.

    A slice has as many steps as last about these seconds. Who begins a round changes, so that nobody always plays
    after the same neighbour.
    """
    names, steps = list(sides), {}
    for name, side in sides.items():
        side.play(1)
        steps[name] = max(2, round(1000 * seconds / timed(side, 2)))
        side.play(steps[name])  # whoever compiles a slice as a whole has done so now
    played: dict[str, list[float]] = {name: [] for name in names}
    for i in range(slices):
        start = i % len(names)
        for name in names[start:] + names[:start]:
            played[name].append(timed(sides[name], steps[name]))
    return played


def timed(side: Side, steps: int) -> float:
    """Return milliseconds per step of some steps."""
    start = time.perf_counter()
    side.play(steps)
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return (time.perf_counter() - start) * 1000 / steps


def flops(side: Side) -> int:
    """Return the floating-point operations of one step: those of convolutions and products, as torch counts them."""
    side.play(1)
    with Operations() as counted:
        side.play(1)
    total: int = counted.total
    return total


def alone(builder: Builder, ground: Ground, seconds: float = 3.0) -> dict[str, float]:
    """Return, for a side that has this process to itself, the seconds to its first step and the MiB it takes at most.

    Both count from where torch is imported and the data lie in memory: what the side imports, builds and compiles.
    """
    _forget_peak()
    before = _memory(peak=False)
    start = time.perf_counter()
    side = builder(ground)
    side.play(1)
    first = time.perf_counter() - start
    while time.perf_counter() - start < seconds + first:
        side.play(1)
    return {"first step": first, "memory": _memory(peak=True) - before}


def _forget_peak() -> None:
    """Let the most that was ever held begin from now, where the system can."""
    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _memory(peak: bool) -> float:
    """Return the MiB that this process holds now, or held at most (at most, where the system does not tell)."""
    status = Path("/proc/self/status")
    if torch.cuda.is_available():
        return (torch.cuda.max_memory_allocated() if peak else torch.cuda.memory_allocated()) / 2**20
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    field = "VmHWM:" if peak else "VmRSS:"
    line = next(line for line in status.read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) / 2**10
