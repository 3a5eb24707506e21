"""Networks of a user's own: what cannot work is said at once, and after the run they are as they came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from gansmith.errors import GansmithError
from gansmith.generators.weights import to_bytes
from gansmith.networks.flat_noise import accommodate, release

Networks = Mapping[str, nn.Module]
Pair = tuple[nn.Module, nn.Module]
PAIR = ("generator", "discriminator")


def named(networks: Pair | Networks) -> dict[str, nn.Module]:
    """Return networks by name."""
    if not isinstance(networks, Mapping):
        if not isinstance(networks, tuple | list) or len(networks) != len(PAIR):
            raise GansmithError("networks: give a pair (generator, discriminator), or networks by name")
        networks = dict(zip(PAIR, networks, strict=True))
    if "generator" not in networks:
        raise GansmithError(f"networks: none of {', '.join(networks)} is called generator")
    return dict(networks)


def checked(networks: Pair | Networks, latent: int = 0) -> dict[str, nn.Module]:
    """Return networks by name, if nothing in them would fail or be left out of the training.

    Args:
        networks: a pair, or by name.
        latent: numbers of noise, which a generator that wants them so gets as maps.

    Raises:
        GansmithError: that says which network it is, and how to mend it.
    """
    networks = named(networks)
    for name, network in networks.items():
        _check(name, network)
    _check_apart(networks)
    if latent:
        accommodate(networks["generator"], latent)
    return networks


class Guests:
    """Remembers on which device, in which modes and with which parameters learning networks came.

    As a context it puts all of that back at its end.
    """

    def __init__(self, networks: Pair | Networks | None) -> None:
        several: Any = networks.values() if isinstance(networks, Mapping) else networks
        found = [*several] if isinstance(networks, Mapping | tuple | list) else []
        self.networks = [one for one in found if isinstance(one, nn.Module)]
        self._modes = [(layer, layer.training) for network in self.networks for layer in network.modules()]
        self._learning = [(p, p.requires_grad) for n in self.networks for p in n.parameters() if not is_lazy(p)]
        self._devices = [_device(network) for network in self.networks]

    def __enter__(self) -> Guests:
        return self

    def __exit__(self, *_: object) -> None:
        self.put_back()

    def put_back(self) -> None:
        """Put all of that back; weights stay as they are now."""
        for network, device in zip(self.networks, self._devices, strict=True):
            if device is not None and _device(network) != device:
                network.to(device)
        for layer, mode in self._modes:
            layer.training = mode
        for parameter, learning in self._learning:
            parameter.requires_grad_(learning)
        for network in self.networks:
            release(network)


def settle(network: nn.Module, device: torch.device) -> nn.Module:
    """Move a user's network to the device, in the layout and the modes that it has.

    A layer in evaluation mode, such as a batch norm that is held, stays in it. Only a network that is in evaluation
    mode itself, as it is after sampling, is put into training mode as a whole.
    """
    network = network.to(device)
    return network if network.training else network.train()


def check_saved(own: Mapping[str, nn.Module]) -> None:
    """Say if a network's state cannot be saved."""
    for name, network in own.items():
        for place, thing in network.state_dict().items():
            if not isinstance(thing, Tensor):
                kind = type(thing).__name__
                raise GansmithError(
                    f"the {name}'s state holds {place}, a {kind}: only tensors can be saved, as buffers"
                )
    to_bytes(own["generator"], {})


def _device(network: nn.Module) -> torch.device | None:
    """Return where a network is, if it is in one place."""
    places = {tensor.device for tensor in (*network.parameters(), *network.buffers())}
    return places.pop() if len(places) == 1 else None


def _check(name: str, network: Any) -> None:
    if isinstance(network, type):
        raise GansmithError(f"the {name} is a class, {network.__name__}: give a network, {network.__name__}(…)")
    if not isinstance(network, nn.Module):
        raise GansmithError(f"the {name} is a {type(network).__name__}: give an nn.Module")
    lazy = [path for path, tensor in _tensors(network) if is_lazy(tensor)]
    if lazy:
        where = lazy[0].rpartition(".")[0] or lazy[0]
        given = "noise (2, latent)" if name == "generator" else "some samples"
        raise GansmithError(f"the {name} has lazy layers ({where}), without weights yet: call it on {given} first")
    hidden = next(_hidden(network), None)
    if hidden is not None:
        raise GansmithError(f"the {name} would not train all of its weights: {hidden}")
    odd = [(path, p) for path, p in network.named_parameters() if p.is_floating_point() and p.dtype != torch.float32]
    if odd:
        have = f"{odd[0][0]} of the {name} is {str(odd[0][1].dtype).removeprefix('torch.')}"
        raise GansmithError(f"{have}, and samples are float32: give {name}.float()")
    if name in PAIR and not any(p.requires_grad for p in network.parameters()):
        raise GansmithError(f"the {name} has no parameter that can learn: give it layers, or requires_grad")


def _check_apart(networks: Networks) -> None:
    """Say if two networks have parameters in common, whose player nobody could tell."""
    owner: dict[int, str] = {}
    for name, network in networks.items():
        for path, parameter in network.named_parameters():
            other = owner.setdefault(id(parameter), name)
            if other != name:
                raise GansmithError(f"the {name} and the {other} share the parameter {path}: give each its own")


def _tensors(network: nn.Module) -> Iterator[tuple[str, Tensor]]:
    yield from network.named_parameters()
    yield from network.named_buffers()


def _hidden(network: nn.Module) -> Iterator[str]:
    """Tell of weights that could learn and that the network does not know to be its own."""
    known = {id(parameter) for parameter in network.parameters()}
    for path, layer in network.named_modules():
        for name, value in vars(layer).items():
            if name.startswith("_") and name in vars(nn.Module()):
                continue
            where = f"{path}.{name}" if path else name
            several = isinstance(value, list | tuple | Mapping)
            for thing in _flat(value):
                if isinstance(thing, nn.Module) and any(_lost(p, known) for p in thing.parameters()):
                    kind = type(value).__name__
                    yield f"{where} keeps layers in a plain {kind}: make it an nn.ModuleList or nn.ModuleDict"
                elif isinstance(thing, Tensor) and thing.is_leaf and _lost(thing, known):
                    mend = "an nn.ParameterList" if several else "an nn.Parameter"
                    yield f"{where} is no parameter of it: make it {mend}"


def _lost(tensor: Tensor, known: set[int]) -> bool:
    return tensor.requires_grad and id(tensor) not in known


def _flat(value: Any) -> Iterator[Any]:
    """Yield what stands in lists, tuples and dictionaries, or the thing itself."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for one in value:
            yield from _flat(one)
    else:
        yield value
