"""Hidden units: what each of them says over the plane, or over the noise."""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from gansmith.errors import GansmithError
from gansmith.playground.density import Window
from gansmith.playground.layers import FAR, SHOWN, Probes, looking
from gansmith.training.trainer import Trainer

PLAYERS = ("discriminator", "generator")
MOST = 64  # units of a layer that are drawn small
SMALL = 12  # cells along an axis of such a drawing


class Unit(NamedTuple):
    """A hidden unit: of which player, in which hidden layer, which one; both counted from 0."""

    player: str
    layer: int
    number: int


def activations(trainer: Trainer, player: str, at: Tensor) -> list[Tensor]:
    """Return what the units of each hidden layer give at N places, (N, units) for each layer.

    Args:
        player: the discriminator or the generator.
        at: places (N, D) in the units of the data, or noises (N, latent) for the generator.

    Raises:
        GansmithError: if there is no such player.
    """
    if player not in PLAYERS:
        raise GansmithError(f"player = {player[:40]} must be one of {', '.join(PLAYERS)}")
    network = trainer.game.networks[player]
    found: list[Tensor] = []
    scale = trainer.rounds.scale if player == "discriminator" else None

    def keep(_: nn.Module, __: Any, output: Tensor) -> None:
        found.append(output)

    hooks = [part.register_forward_hook(keep) for part in _behind_linear(network)]
    try:
        with torch.no_grad(), looking(trainer):
            network(at if scale is None else scale.standardized(at))
    finally:
        for hook in hooks:
            hook.remove()
    return found


def field(trainer: Trainer, probes: Probes, unit: Unit) -> Tensor:
    """Return a unit's activation: D's at the cells of the picture, (side,) or (side²,), G's at its shown samples, (N,).

    Raises:
        GansmithError: if there is no such unit.
    """
    at = probes.window.grid() if unit.player == "discriminator" else probes.z[:SHOWN]
    layers = activations(trainer, unit.player, at)
    if not (0 <= unit.layer < len(layers) and 0 <= unit.number < layers[unit.layer].shape[1]):
        raise GansmithError(f"{unit.player} has no unit {unit.number + 1} in a hidden layer {unit.layer + 1}")
    return layers[unit.layer][:, unit.number]


def drawings(trainer: Trainer, probes: Probes, player: str) -> Tensor:
    """Return small drawings of all units as bytes, (layers, units, rows, 12): 128 is 0, 255 and 1 the unit's extremes.

    D's over the picture, rows from its top; G's over the first two numbers of the noise, the others 0. On the line
    there is one row. At most 64 units of a layer.
    """
    if player == "generator":
        prior = trainer.recipe.prior
        far, size = (FAR if prior.noise == "normal" else 1.0) * prior.noise_scale, min(prior.latent, 2)
        at = torch.zeros(SMALL**size, prior.latent)
        at[:, :size] = _coarse(Window((0.0,) * size, far))
    else:
        size, at = probes.window.dimensions, _coarse(probes.window)
    layers = activations(trainer, player, at)
    if not layers:
        return torch.zeros(0, 0, 1, SMALL, dtype=torch.uint8)
    rows = SMALL if size == 2 else 1
    values = torch.stack([one[:, :MOST] for one in layers]).transpose(1, 2)
    share = values / values.abs().amax(dim=2, keepdim=True).clamp_min(1e-12)
    plane = share.reshape(*values.shape[:2], SMALL, rows).transpose(2, 3).flip(2)  # the second axis upwards
    return (128 + 127 * plane).round().byte()


def _coarse(window: Window) -> Tensor:
    steps = (torch.arange(SMALL) + 0.5) / SMALL * 2 - 1
    axes = [c + window.reach * steps for c in window.centre]
    return axes[0].unsqueeze(1) if len(axes) == 1 else torch.cartesian_prod(*axes)


def _behind_linear(network: nn.Module) -> list[nn.Module]:
    """Return the layers without weights that come right behind a linear one: the activations of a network."""
    parts = [part for part in network.modules() if not any(True for _ in part.children())]
    return [
        b
        for a, b in itertools.pairwise(parts)
        if isinstance(a, nn.Linear) and not isinstance(b, nn.Linear | nn.Identity)
    ]
