"""Networks that were learnt from the data once and are kept in the cache."""

from __future__ import annotations

import hashlib
import json
import warnings
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save
from torch import Tensor, nn

from gansmith.files import write_atomically


def digest(kind: str, *tensors: Tensor) -> str:
    """Return a hash of what a network is and of what it learns from."""
    content = hashlib.blake2b(kind.encode(), digest_size=8)
    for tensor in tensors:
        content.update(tensor.contiguous().numpy().data)
    return content.hexdigest()


def recall(network: nn.Module, path: Path) -> dict[str, Any] | None:
    """Load the weights from the cache and return what was noted about them; None if they are not there or damaged."""
    try:
        with safe_open(path, "pt") as file:
            about: dict[str, Any] = json.loads(file.metadata()["about"])
        network.load_state_dict(load_file(path))
    except (OSError, SafetensorError, RuntimeError, KeyError, TypeError, json.JSONDecodeError):
        return None
    return about


def remember(network: nn.Module, path: Path, about: dict[str, Any], called: str) -> None:
    """Write the weights and what is noted about them, plain values, into the cache; a full disk is a warning.

    Args:
        called: what the network is, for the warning.
    """
    content = save({k: v.contiguous() for k, v in network.state_dict().items()}, {"about": json.dumps(about)})
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, lambda temporary: temporary.write_bytes(content))
    except OSError as error:
        warnings.warn(f"{path.parent}: {error.strerror}; the {called} will be trained again next time", stacklevel=3)
