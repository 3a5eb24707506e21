"""What must be done once, before any parallel work, so that the same seed gives the same bits in every process."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def in_double(x: Tensor) -> Tensor:
    """Return numbers in double precision: where they are, or on the CPU where their device (a Mac's GPU) has none."""
    return (x.cpu() if x.device.type == "mps" else x).double()


def settle_vector_mathematics() -> None:
    """Let MKL find out on one thread which processor it runs on, before several threads ask at once.

    PyTorch hands sqrt, exp, log, tanh, erf and their like to MKL's vector mathematics, from every thread at once. MKL
    2024.2 looks the processor up at the first such call and keeps the answer in one number, without a lock: it writes
    the processor's number there first, and a moment later the number of the kernels that suit it. A second thread that
    reads in between takes the one for the other. On an Intel processor with AVX-512 it then uses low-accuracy kernels
    (relative error 1e-4) for its whole share of that one call, and the run is no longer the one that its seed names
    (https://github.com/pytorch/pytorch/issues/188792; gone with MKL 2025).

    One call of one element, on one thread, settles the number for the life of the process. All functions and both
    precisions share it. Functions that do not use MKL's vector mathematics (sigmoid, log1p, matmul, ...) do not settle
    it. A forked child inherits it; a spawned one must call again. More calls do nothing, and cost microseconds. No
    random number is drawn. Where torch has no MKL this is merely one hyperbolic tangent.
    """
    import torch  # not above: whoever imports this module does not wait for torch

    torch.ones(1, dtype=torch.float32, device="cpu").tanh()
