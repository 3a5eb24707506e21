"""Where weights come from if not from the seed alone: those of another run, and layers that keep theirs."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from gansmith.conditions import Condition
from gansmith.errors import GansmithError
from gansmith.games import GAN, Player
from gansmith.generators.file import read_description, shipped, weights_of
from gansmith.recipes import former
from gansmith.records.checkpoint import read_checkpoint
from gansmith.records.run_folder import RunFolder
from gansmith.settings.values import expanded
from gansmith.training.ema import EMA
from gansmith.training.naming import Matching, Names, matching, names_of

Weights = Mapping[str, Tensor]


class Start(NamedTuple):
    """What another run left."""

    networks: Mapping[str, Weights]
    """By name."""
    average: Weights | None = None
    """Of the generator."""
    players: Mapping[str, Any] = {}
    """Their states, by player."""
    names: Names | None = None
    """Of what it is asked for, if it says so."""


def start_from(source: str, game: GAN, ema: EMA | None, mine: Names, wider: Callable[[Condition], GAN] | None) -> None:
    """Give networks, average and optimisers the state of another run where it fits; warn of all that starts anew.

    A tensor fits if the other network has one of its name and shape. What belongs to a class or an attribute is taken
    from that of its name, in whatever order and among whatever others it stands there. An optimiser's moments go with
    their weights. Steps, schedules and the course of the average's decay start anew, so that the average soon is one of
    this run.

    Args:
        source: a run folder, a generator's .safetensors file, a checkpoint, or the name of a generator that comes with
            gansmith. A checkpoint NAME.pt beside NAME.safetensors adds discriminator and optimisers.
        mine: what this run is asked for.
        wider: returns this game for another condition; None for networks of a user's own.

    Raises:
        GansmithError: if it is none of these, or none of its weights fits.
    """
    start = read_start(source)
    match = matching(start.names, mine, game, wider)
    fitted: set[int] = set()
    anew: list[str] = []
    for name, network in game.networks.items():
        if not any(True for _ in network.parameters()):  # what a term remembers is of its own run
            continue
        if name not in start.networks:
            anew.append(f"the {name}, which is not there")
            continue
        taken, left = _take(name, network, start.networks[name], match)
        fitted |= taken
        anew += [f"{name}.{misfit}" for misfit in left]
    if not fitted:
        raise GansmithError(f"from = {source}: none of its weights has name and shape of one of this run's networks")
    for name, player in game.players.items():
        if not _take_moments(player, list(_named(game, player)), start.players.get(name), fitted, match):
            anew.append(f"the {name}'s optimizer")
    if ema is not None:
        ema.module.load_state_dict(game.networks["generator"].state_dict())
        _take("generator", ema.module, start.average or {}, match)
    anew += match.told
    if anew:
        warnings.warn(f"from {source}, what starts anew: {'; '.join(anew)}", stacklevel=2)


def read_start(source: str) -> Start:
    """Return what a run folder, a generator's file or a checkpoint holds to start from."""
    path = expanded(source)
    path = path if path.exists() else shipped(source) or path
    if path.is_dir():
        return _of_state(RunFolder(path).checkpoints().latest())._replace(names=_names(RunFolder(path)))
    if not path.is_file():
        raise GansmithError(f"from = {source}: give a run folder, a generator's .safetensors file or a checkpoint")
    if path.suffix == ".pt":
        return _of_file(path)._replace(names=_names(RunFolder(path.parent.parent)))
    weights, beside = weights_of(path), path.with_suffix(".pt")
    start = _of_file(beside) if beside.is_file() else Start({"generator": weights}, weights)
    return start._replace(average=weights, names=names_of(read_description(path) or {}))


def _names(run: RunFolder) -> Names | None:
    described = run.described()
    return None if described is None else names_of(described)


def freeze(layers: int | tuple[str, ...], networks: Mapping[str, nn.Module], player: str) -> None:
    """Let the first layers of networks, or those of these names, keep their weights.

    A layer is a weight of two dimensions or more and what follows up to the next. Batch statistics go on following the
    data.

    Mo, Cho, Shin 2020, "Freeze the discriminator: a simple baseline for fine-tuning GANs", arXiv 2002.10964.

    Raises:
        GansmithError: if there is no such layer, or nothing would be left to learn.
    """
    named = [(name, p) for network in networks.values() for name, p in network.named_parameters()]
    if isinstance(layers, int):
        numbers = torch.tensor([p.dim() > 1 for _, p in named]).cumsum(0).clamp(min=1).tolist()
        chosen = [p for (_, p), number in zip(named, numbers, strict=True) if number <= layers]
    else:
        for layer in layers:
            if not any(_inside(name, layer) for name, _ in named):
                known = ", ".join(dict.fromkeys(name.rpartition(".")[0] or name for name, _ in named))
                raise GansmithError(f"{player}.freeze: no layer is called {layer}; there are {known}")
        chosen = [p for name, p in named if any(_inside(name, layer) for layer in layers)]
    if len(chosen) == len(named):
        raise GansmithError(f"{player}.freeze = {layers}: nothing is left to learn; a player of lr 0 is at rest")
    for parameter in chosen:
        parameter.requires_grad_(False)


def _inside(name: str, layer: str) -> bool:
    return name == layer or name.startswith(f"{layer}.")


def _of_file(path: Path) -> Start:
    try:
        return _of_state(read_checkpoint(path))
    except (GansmithError, KeyError, TypeError, AttributeError) as error:
        raise GansmithError(f"from = {path}: no checkpoint of gansmith's ({error}); give a run folder") from error


def _of_state(state: dict[str, Any]) -> Start:
    if state.get("format", former.FORMAT) == former.FORMAT:
        state = former.checkpoint(state)
    return Start(state["game"]["networks"], state["ema"], state["game"]["players"])


@torch.no_grad()
def _take(called: str, network: nn.Module, weights: Weights, match: Matching) -> tuple[set[int], list[str]]:
    """Copy what has a tensor's name and fits; return which tensors were filled, and words about the others."""
    taken, left = set(), []
    own = network.state_dict(keep_vars=True)
    for name, tensor in own.items():
        other = weights.get(name)
        found = match.fitted(f"{called}.{name}", other, tensor)
        if found is not None:
            tensor.copy_(found)
            taken.add(id(tensor))
        else:
            left.append(f"{name} {_words(tensor)}" + (f", there {_words(other)}" if other is not None else ""))
    return taken, left


def _named(game: GAN, player: Player) -> Iterator[tuple[str, Tensor]]:
    """Yield all parameters of a player's networks as network.tensor, frozen ones too."""
    own = {id(p) for p in player.parameters}
    for called, network in game.networks.items():
        if any(id(p) in own for p in network.parameters()):
            yield from ((f"{called}.{name}", p) for name, p in network.named_parameters())


def _take_moments(
    player: Player,
    named: list[tuple[str, Tensor]],
    state: Mapping[str, Any] | None,
    fitted: set[int],
    match: Matching,
) -> bool:
    """Give a player's optimiser the moments of the weights that fitted; tell whether it was of the same kind."""
    mine = player.optimizer.state_dict()
    theirs = state["optimizer"] if state else {"param_groups": []}
    counted = [i for group in theirs["param_groups"] for i in group["params"]]
    places = next((row for row in ([p for _, p in named], player.parameters) if len(row) == len(counted)), None)
    if places is None or _kind(mine) != _kind(theirs):
        return False
    rank, names = {id(p): i for i, p in enumerate(player.parameters)}, {id(p): name for name, p in named}
    moments = {}
    for i, p in zip(counted, places, strict=True):
        if id(p) in rank and id(p) in fitted and i in theirs["state"]:
            found = _moments(names[id(p)], theirs["state"][i], p, match)
            if found is not None:
                moments[rank[id(p)]] = found
    player.optimizer.load_state_dict({"state": moments, "param_groups": mine["param_groups"]})
    return True


def _moments(name: str, theirs: Mapping[str, Any], p: Tensor, match: Matching) -> dict[str, Any] | None:
    """Return the moments of a weight, none of what is new here; None if one of them does not fit."""
    found: dict[str, Any] = {}
    for what, m in theirs.items():
        found[what] = match.fitted(name, m, torch.zeros_like(p)) if isinstance(m, Tensor) and m.dim() else m
        if found[what] is None and m is not None:
            return None
    return found


def _kind(optimizer: Mapping[str, Any]) -> set[str]:
    """Return the names of an optimiser's options, which tell its kind."""
    return {name for group in optimizer["param_groups"] for name in group} - {"initial_lr"}


def _words(tensor: Tensor) -> str:
    return "×".join(map(str, tensor.shape)) or "a number"
