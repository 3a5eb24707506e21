"""An average of the generator over training, which samples better than any of its moments."""

from __future__ import annotations

import copy
import dataclasses
import functools
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrize import ParametrizationList
from torch.nn.utils.spectral_norm import SpectralNorm

from gansmith.generators.latents import Latents
from gansmith.generators.trained import TrainedGenerator
from gansmith.networks.copying import copy_of

STATISTICS = ("running_mean", "running_var")
GROSS = 10.0
"""Times that samples of the average may be larger or smaller than those of the network."""
LOOKED_AT = 64  # samples


class EMA:
    """w̄ ← w̄ + (1 − β_t)(w − w̄) after every step, β_t = min(β, (1 + t)/(10 + t)).

    The ramp lets the first, bad weights fade. Averaged are parameters, each once in whatever layers it is, and the
    running statistics of norm layers, because they belong to the weights they were seen with. All other buffers are
    copied: a mask, a table or a direction of unit length is no average of its past.

    Where a weight is computed from parameters, as with spectral norm, weight norm or any other parametrisation, these
    parameters are averaged and the weight is computed from the average, so that it has the form it must have. What
    such a layer finds out about its own weight while it trains, it finds out about the averaged one: spectral norm's u
    and v take one power iteration on W̄ at every update, v ← W̄ᵀu/|W̄ᵀu|, u ← W̄v/|W̄v|, so that σ = uᵀW̄v belongs to W̄.
    The network's own u and v belong to W and would make W̄/σ too large.

    Yazıcı et al. 2019, "The unusual effectiveness of averaging in GAN training", arXiv 1806.04498.
    """

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.module = copy_of(module, "generator").eval().requires_grad_(False)
        self.decay = decay
        pairs = zip(self.module.parameters(), module.parameters(), strict=True)  # tied ones are met once
        self._parameters = [(mine, theirs) for mine, theirs in pairs if mine.is_floating_point() or mine.is_complex()]
        self._derived, kept = _derived(self.module)
        self._buffers = [b for b in _buffers(self.module, module) if (id(b.mine), b.name) not in kept]

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Take in the module's weights after training step `step` (from 1)."""
        decay = min(self.decay, (1 + step) / (10 + step))
        averages, sources = [mine.detach() for mine, _ in self._parameters], [p.detach() for _, p in self._parameters]
        for buffer in self._buffers:  # looked up each time, as a layer may put another tensor in its place
            mine, theirs = buffer.mine._buffers[buffer.name], buffer.theirs._buffers[buffer.name]
            if mine is None or theirs is None:
                continue
            if buffer.name in STATISTICS and mine.is_floating_point():
                averages.append(mine)
                sources.append(theirs.detach())
            else:
                _copy(buffer, mine, theirs)
        torch._foreach_lerp_(averages, sources, 1 - decay)
        for follow in self._derived:
            follow()


class _Buffer(NamedTuple):
    mine: nn.Module
    theirs: nn.Module
    name: str


def _buffers(mine: nn.Module, theirs: nn.Module) -> Iterator[_Buffer]:
    """Yield where all buffers are, each once."""
    seen: set[int] = set()
    for layer, other in zip(mine.modules(), theirs.modules(), strict=True):
        for name, tensor in layer._buffers.items():
            if tensor is not None and id(tensor) not in seen:
                seen.add(id(tensor))
                yield _Buffer(layer, other, name)


def _copy(buffer: _Buffer, mine: Tensor, theirs: Tensor) -> None:
    if mine.shape == theirs.shape and mine.dtype == theirs.dtype:
        mine.copy_(theirs)
    else:
        buffer.mine._buffers[buffer.name] = theirs.detach().clone()


def _derived(module: nn.Module) -> tuple[list[Callable[[], Any]], set[tuple[int, str]]]:
    """Return what lets layers find out about their own weights, and the buffers (layer, name) that this changes."""
    follow: list[Callable[[], Any]] = []
    kept: set[tuple[int, str]] = set()
    for layer in module.modules():
        found = _found_out(layer) if isinstance(layer, ParametrizationList) else set()
        if found:
            follow.append(functools.partial(_train_once, layer))
            kept |= found
        for hook in layer._forward_pre_hooks.values():
            if isinstance(hook, SpectralNorm):  # the former kind
                follow.append(functools.partial(hook.compute_weight, layer, True))
                kept |= {(id(layer), f"{hook.name}_u"), (id(layer), f"{hook.name}_v")}
    return follow, kept


@torch.no_grad()
def _found_out(layer: ParametrizationList) -> set[tuple[int, str]]:
    """Return the buffers that computing a weight in training mode changes, whatever they were."""
    twin = copy.deepcopy(layer)
    layers = dict(zip(twin.modules(), layer.modules(), strict=True))
    before = {}
    for one in layers:
        for name, tensor in one._buffers.items():
            if tensor is not None and tensor.is_floating_point():
                before[one, name] = tensor.add_(0.1).clone()
    _train_once(twin)
    changed = ((one, name) for (one, name), old in before.items() if not torch.equal(old, getattr(one, name)))
    return {(id(layers[one]), name) for one, name in changed}


def _train_once(layer: nn.Module) -> None:
    layer.train()()
    layer.eval()


def check_average(trained: TrainedGenerator, network: nn.Module, when: str) -> None:
    """Warn in one line if samples of an averaged generator are of quite another size than those of the network.

    Args:
        trained: the averaged one.
        network: whose average it is.
        when: it is looked at.
    """
    if trained.generator is network:
        return
    latents = trained.latents(LOOKED_AT)
    averaged, raw = (_size(trained.generator, latents, trained), _size(network, latents, trained))
    if not (averaged / GROSS <= raw <= averaged * GROSS):
        warnings.warn(
            f"{when}, samples of the averaged generator have a size of {averaged:.3g} and those of the raw one "
            f"{raw:.3g}: one of its layers cannot be averaged; use --ema 0, or load the raw one",
            stacklevel=2,
        )


def _size(network: nn.Module, latents: Latents, trained: TrainedGenerator) -> float:
    """Return the root mean square of samples, and leave the network as it is."""
    samples = dataclasses.replace(trained, generator=copy_of(network, "generator")).make(latents)
    return float(torch.cat(list(samples)).square().mean().sqrt())
