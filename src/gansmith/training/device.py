"""Where a run lives: CPU or GPU."""

from __future__ import annotations

import torch

from gansmith.errors import GansmithError


def find_device(name: str) -> torch.device:
    """Return the device of that name; auto is a GPU where there is one.

    >>> find_device("cpu")
    device(type='cpu')
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise GansmithError(f"--device {name}: use auto, cpu, cuda or cuda:N") from error
    if device.type == "cuda" and not torch.cuda.is_available():
        raise GansmithError(f"--device {name}: there is no CUDA device here; use --device cpu")
    if device.type not in ("cpu", "cuda"):
        raise GansmithError(f"--device {name}: use auto, cpu, cuda or cuda:N")
    return device
