"""Generators that want their noise as maps of one pixel, (N, latent, 1, 1), as many tutorials write them."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from gansmith.networks.copying import copy_of
from gansmith.streams import forked


class AsMaps:
    """A hook before a network's forward: flat noise (N, latent) becomes maps (N, latent, 1, …)."""

    def __init__(self, dimensions: int) -> None:
        self.dimensions = dimensions

    def __call__(self, network: nn.Module, given: tuple[Any, ...]) -> tuple[Any, ...]:
        z, *rest = given
        return (z.reshape(*z.shape, *[1] * self.dimensions) if z.dim() == 2 else z, *rest)


def accommodate(network: nn.Module, latent: int) -> nn.Module:
    """Let a generator of a user's own get noise as maps, if that is evident, and return it.

    It is where its first layer with weights is a convolution of `latent` channels, and the network fails with flat
    noise and works with maps.
    """
    kinds = (nn.Linear, nn.modules.conv._ConvNd)
    first = next((layer for layer in network.modules() if isinstance(layer, kinds)), None)
    if not isinstance(first, nn.modules.conv._ConvNd) or first.in_channels != latent or hook_of(network):
        return network
    as_maps = AsMaps(first.weight.dim() - 2)
    with forked(), torch.no_grad():
        z = torch.randn(2, latent, device=first.weight.device)
        if not _works(network, z) and _works(network, *as_maps(network, (z,))):
            network.register_forward_pre_hook(as_maps)
    return network


def release(network: nn.Module) -> None:
    """Take that back."""
    for key in hook_of(network):
        del network._forward_pre_hooks[key]


def hook_of(network: nn.Module) -> list[int]:
    """Return the keys of such hooks of a network."""
    return [key for key, hook in network._forward_pre_hooks.items() if isinstance(hook, AsMaps)]


def _works(network: nn.Module, z: torch.Tensor) -> bool:
    try:
        copy_of(network, "generator")(z)
    except Exception:  # whatever a network raises
        return False
    return True
