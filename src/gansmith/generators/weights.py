"""Weights as bytes, without pickle: the same weights are the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping

from torch import nn


def to_bytes(network: nn.Module, facts: Mapping[str, str]) -> bytes:
    """Return a network's weights in the safetensors format, with facts about them.

    safetensors writes the facts in an order that changes from process to process; here it is that of their names.
    """
    from safetensors.torch import save

    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()}
    content = save(tensors, dict(facts))
    size = int.from_bytes(content[:8], "little")  # of the header, which is padded with spaces
    header = json.loads(content[8 : 8 + size])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    ordered = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    ordered += b" " * (-len(ordered) % 8)
    return len(ordered).to_bytes(8, "little") + ordered + content[8 + size :]
