"""Networks at rest: in evaluation mode for as long as samples are made, and then as they were."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from torch import nn


def maps_styles(network: nn.Module) -> bool:
    """Tell whether a generator maps noise to styles, which truncation then is of."""
    return any(hasattr(layer, "truncation") for layer in network.modules())


@contextmanager
def at_rest(network: nn.Module, truncation: float = 1.0) -> Iterator[None]:
    """Put a network into evaluation mode; each of its layers then goes back to the mode it had.

    Args:
        truncation: of its styles, if it has any.
    """
    modes = [(layer, layer.training) for layer in network.modules()]
    mappings: list[Any] = [layer for layer, _ in modes if hasattr(layer, "truncation")]
    network.eval()
    for layer in mappings:
        layer.truncation = truncation
    try:
        yield
    finally:
        for layer, mode in modes:
            layer.training = mode
        for layer in mappings:
            layer.truncation = 1.0
