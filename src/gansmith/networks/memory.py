"""What a term has to remember between steps."""

from __future__ import annotations

from torch import Tensor, nn


class Memory(nn.Module):
    """Buffers by name, and no parameters: they are saved and moved with the networks, and nobody trains them.

    >>> import torch
    >>> dict(Memory(seen=torch.tensor(3)).state_dict())
    {'seen': tensor(3)}
    """

    def __init__(self, **buffers: Tensor) -> None:
        super().__init__()
        for name, value in buffers.items():
            self.register_buffer(name, value.clone())
