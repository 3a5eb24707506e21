"""Weights as bytes, without pickle: the same weights are the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from gansmith.errors import GansmithError
from gansmith.networks.copying import first_line

TIED = "tied"
"""Of the header: under which other name a tensor stands that has several."""


def to_bytes(network: nn.Module, facts: Mapping[str, str]) -> bytes:
    """Return a network's weights in the safetensors format, with facts about them.

    A tensor that has several names is written once, and the facts tell the others. safetensors writes the facts in an
    order that changes from process to process; here it is that of their names.

    Raises:
        GansmithError: if something in the network's state cannot be written.
    """
    from safetensors.torch import save

    state = network.state_dict(keep_vars=True)
    names, tied = _named_once(state)
    try:
        content = save(
            _alone({name: state[name] for name in names}),
            {**facts, **({TIED: json.dumps(tied, sort_keys=True)} if tied else {})},
        )
    except Exception as error:  # safetensors' own, a KeyError, a RuntimeError: whatever a kind of tensor raises
        raise GansmithError(f"the generator's weights cannot be saved ({first_line(error)})") from error
    size = int.from_bytes(content[:8], "little")  # of the header, which is padded with spaces
    header = json.loads(content[8 : 8 + size])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    ordered = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    ordered += b" " * (-len(ordered) % 8)
    return len(ordered).to_bytes(8, "little") + ordered + content[8 + size :]


def from_file(path: Path) -> dict[str, Tensor]:
    """Return the weights that a file holds by name, tied ones under all of their names."""
    from safetensors import safe_open

    with safe_open(path, "pt") as file:
        weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no mapping
        tied: dict[str, str] = json.loads((file.metadata() or {}).get(TIED, "{}"))
    return weights | {name: weights[other] for name, other in tied.items() if other in weights}


def _named_once(state: Mapping[str, Any]) -> tuple[list[str], dict[str, str]]:
    """Return the first name of every tensor, and which others of them have which."""
    first: dict[Any, str] = {}
    tied: dict[str, str] = {}
    for name, thing in state.items():
        if not isinstance(thing, Tensor):
            kind = type(thing).__name__
            raise GansmithError(f"the generator's state holds {name}, a {kind}: only tensors can be saved, as buffers")
        if first.setdefault(_place(thing), name) != name:
            tied[name] = first[_place(thing)]
    return list(first.values()), tied


def _place(tensor: Tensor) -> Any:
    """Return what is the same for two tensors where they are the same numbers in memory."""
    if tensor.layout != torch.strided or not tensor.data_ptr():
        return id(tensor)
    return tensor.device, tensor.data_ptr(), tensor.dtype, tuple(tensor.shape), tensor.stride()


def _alone(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return tensors on the CPU, none of which has memory in common with another."""
    alone: dict[str, Tensor] = {}
    taken: set[int] = set()
    for name, tensor in tensors.items():
        mine = tensor.detach().cpu().contiguous()
        if mine.layout == torch.strided and mine.untyped_storage().data_ptr() in taken:
            mine = mine.clone()
        if mine.layout == torch.strided:
            taken.add(mine.untyped_storage().data_ptr())
        alone[name] = mine
    return alone
