"""A copy of any network, a user's own too, and weights that are put into one."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from gansmith.errors import GansmithError

Network = TypeVar("Network", bound=nn.Module)


def copy_of(network: Network, name: str) -> Network:
    """Return a copy that shares nothing with the network, of the same modes, ties and layouts.

    torch copies no tensor that was computed with a graph, which is what weight norm and spectral norm of the former
    kind leave in a layer, and a layer that notes its last output: such a tensor is copied without its graph.

    Args:
        name: what the network is called where it cannot be copied.

    Raises:
        GansmithError: if something in it cannot be copied.
    """
    try:
        return copy.deepcopy(network, memo_of([network]))
    except GansmithError:
        raise
    except Exception as error:  # whatever a module's attributes raise
        reason = f"{type(error).__name__}: {first_line(error)}"
        raise GansmithError(f"the {name} cannot be copied ({reason}): let no layer keep such a thing") from error


def memo_of(networks: Iterable[nn.Module]) -> dict[int, Any]:
    """Return what `copy.deepcopy` needs to be told before it copies these networks, or what holds them."""
    memo: dict[int, Any] = {}
    for network in networks:
        for layer in network.modules():
            for value in _held(vars(layer)):
                if isinstance(value, Tensor) and not value.is_leaf:
                    memo[id(value)] = value.detach().clone()
                elif isinstance(value, torch.Generator):
                    memo[id(value)] = value.clone_state()
    return memo


def _held(thing: Any, depth: int = 0) -> Iterator[Any]:
    """Yield what an attribute is or holds in lists, tuples and dictionaries."""
    inside: Iterable[Any] = ()
    if isinstance(thing, Mapping):
        inside = thing.values()
    elif isinstance(thing, list | tuple | set):
        inside = thing
    else:
        yield thing
    if depth < 4:
        for one in inside:
            yield from _held(one, depth + 1)


def fill_network(network: nn.Module, weights: Mapping[str, Tensor], misfit: str) -> None:
    """Put weights into a network.

    Args:
        misfit: what is said, before the reason, if they are those of another one.

    Raises:
        GansmithError: if names or shapes differ.
    """
    try:
        network.load_state_dict(weights)
    except (RuntimeError, KeyError, AttributeError) as error:
        reasons = [line.strip() for line in str(error).splitlines() if line.strip()]
        raise GansmithError(f"{misfit} ({' '.join(reasons[1:2] or reasons[:1])})") from error


def first_line(error: BaseException, most: int = 160) -> str:
    """Return the first line that an error says, cut where it is long."""
    line = (str(error).splitlines() or [""])[0].strip()
    return line if len(line) <= most else f"{line[:most]}…"
