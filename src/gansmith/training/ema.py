"""An average of the generator over training, which samples better than any of its moments."""

from __future__ import annotations

import copy

import torch
from torch import nn


class EMA:
    """w̄ ← w̄ + (1 − β_t)(w − w̄) after every step, β_t = min(β, (1 + t)/(10 + t)).

    The ramp lets the first, bad weights fade. Floating-point buffers (batch-norm statistics) are averaged too,
    because they belong to the weights they were seen with; others are copied.

    Yazıcı et al. 2019, "The unusual effectiveness of averaging in GAN training", arXiv 1806.04498.
    """

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.module = copy.deepcopy(module).eval().requires_grad_(False)
        self.decay = decay
        mine, theirs = self.module.state_dict(keep_vars=True), module.state_dict(keep_vars=True)
        floating = [name for name, tensor in mine.items() if tensor.is_floating_point()]
        self._averages = [mine[name].detach() for name in floating]
        self._sources = [theirs[name].detach() for name in floating]
        self._copies = [(mine[n].detach(), theirs[n].detach()) for n in mine if n not in floating]

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Take in the module's weights after training step `step` (from 1)."""
        decay = min(self.decay, (1 + step) / (10 + step))
        torch._foreach_lerp_(self._averages, self._sources, 1 - decay)
        for mine, theirs in self._copies:
            mine.copy_(theirs)
