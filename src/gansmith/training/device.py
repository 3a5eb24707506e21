"""Where a run lives, CPU or GPU, and how fast that is at best."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

import torch
from torch import Tensor, nn

from gansmith.errors import GansmithError
from gansmith.recipes.parts import Compute

NAMES = "use auto, cpu, cuda, cuda:N or mps"


def find_device(name: str) -> torch.device:
    """Return the device of that name; auto is a CUDA GPU where there is one.

    A Mac's GPU is taken where it is named: many operations of small networks are slower there than on its CPU.

    >>> find_device("cpu")
    device(type='cpu')
    """
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise GansmithError(f"--device {name}: {NAMES}") from error
    if device.type == "cuda" and not torch.cuda.is_available():
        raise GansmithError(f"--device {name}: there is no CUDA device here; use --device cpu")
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise GansmithError(f"--device {name}: there is no GPU of a Mac here; use --device cpu")
    if device.type not in ("cpu", "cuda", "mps"):
        raise GansmithError(f"--device {name}: {NAMES}")
    if device.type == "cuda":
        torch.cuda.init()  # type: ignore[no-untyped-call] # its random generators are there from now on
    return device


def has_bf16(device: torch.device) -> bool:
    """Tell whether a device multiplies bfloat16 faster than float32, as far as it tells."""
    if device.type == "cuda":
        return torch.cuda.get_device_capability(device) >= (8, 0)
    if device.type == "mps":
        return torch.backends.mps.is_macos_or_newer(14, 0)
    tell = getattr(torch.cpu, "get_capabilities", None)  # not in every torch
    return tell is None or any(present for name, present in tell().items() if "bf16" in name)


def peak(device: torch.device, seconds: float = 0.5) -> float:
    """Return the floating-point operations per second of the faster of a large product and a large convolution."""
    n, channels, side = (8192, 256, 128) if device.type != "cpu" else (1024, 128, 32)
    a, b = (torch.randn(n, n, device=device) for _ in range(2))
    layer = nn.Conv2d(channels, channels, 3, padding=1, device=device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    x = torch.randn(32, channels, side, side, device=device).to(memory_format=torch.channels_last)
    works: list[tuple[Callable[[], Tensor], float]] = [
        (lambda: a @ b, 2 * n**3),
        (lambda: cast(Tensor, layer(x)), 2 * 9 * channels**2 * x.numel() / channels),
    ]
    with torch.no_grad():
        return max(operations / _quickest(work, device, seconds) for work, operations in works)


def _quickest(work: Callable[[], Tensor], device: torch.device, seconds: float) -> float:
    """Return the shortest time that a work took within some seconds."""
    times: list[float] = []
    work()
    while len(times) < 5 or sum(times) < seconds:
        settle(device)
        start = time.perf_counter()
        work()
        settle(device)
        times.append(time.perf_counter() - start)
    return min(times)


def settle(device: torch.device) -> None:
    """Wait until a device has done what it was asked for."""
    if device.type == "cuda":
        torch.cuda.synchronize()
    elif device.type == "mps":
        torch.mps.synchronize()


@contextmanager
def prepared(compute: Compute) -> Iterator[None]:
    """While inside, torch computes with the threads and in the precision that a run asks for."""
    cudnn = torch.backends.cudnn
    before = torch.get_num_threads(), torch.get_float32_matmul_precision(), cudnn.allow_tf32
    torch.set_num_threads(compute.threads or before[0])
    torch.set_float32_matmul_precision("high" if compute.precision == "tf32" else "highest")
    cudnn.allow_tf32 = compute.precision == "tf32"
    try:
        yield
    finally:
        torch.set_num_threads(before[0])
        torch.set_float32_matmul_precision(before[1])
        cudnn.allow_tf32 = before[2]
