"""Trained generators by their file, their run's folder, or the name of one that comes with gansmith."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

import torch
from torch import nn

from gansmith.data.scale import scale_from
from gansmith.errors import GansmithError, unknown
from gansmith.generators import file
from gansmith.generators.trained import TrainedGenerator
from gansmith.generators.vocabulary import layout
from gansmith.latent.file import beside
from gansmith.networks.build import build_discriminator
from gansmith.networks.copying import copy_of, fill_network
from gansmith.numerics import settle_vector_mathematics
from gansmith.recipes import former
from gansmith.recipes.composition import to_dict
from gansmith.records.checkpoint import read_checkpoint
from gansmith.records.run_folder import Facts, RunFolder
from gansmith.settings.values import expanded
from gansmith.streams import forked
from gansmith.training.device import find_device

Which = Literal["last", "best", "raw"]
Networks = Mapping[str, nn.Module]


def load(
    run: str | Path,
    networks: Networks | Sequence[nn.Module] | nn.Module | None = None,
    device: str = "cpu",
    generator: Which = "last",
    trust: bool = False,
) -> TrainedGenerator:
    """Return a trained generator.

    Args:
        run: a generator's .safetensors file, which needs nothing else; or a run folder; or the name of a generator that
            comes with gansmith.
        networks: needed if the run was trained with networks of your own: the generator; or the pair, or networks by
            name, for its `discriminator` too.
        device: where to put it.
        generator: of a run folder: the one of the last checkpoint; the best one by the run's metric (`best_by`); or
            "raw", the one of the last checkpoint as it is trained, not its average.
        trust: import code of a user's own that the file or the run's config names.

    Raises:
        GansmithError: if there is no generator there, or one that does not fit.
    """
    settle_vector_mathematics()
    if generator not in get_args(Which):
        raise unknown("generator", str(generator), get_args(Which))
    mine = _by_name(networks)
    own = mine.get("generator")
    path, where = expanded(str(run)), find_device(device)
    if path.is_file():
        _no_raw(generator, path)
        return dataclasses.replace(file.load(path, own, where, trust), guide=beside(path))
    ours = None if path.exists() else file.shipped(str(run))
    if ours is not None:
        _no_raw(generator, ours)
        return dataclasses.replace(file.load(ours, own, where), guide=beside(ours))
    folder = RunFolder(path)
    found = (
        _raw(folder, own, where, trust) if generator == "raw" else _of_run(folder, own, str(where), generator, trust)
    )
    opponent = functools.partial(_discriminator, folder, mine.get("discriminator"), where, generator, trust)
    return dataclasses.replace(found, opponent=opponent, guide=beside(folder.path, generator))


def is_generator(target: str | Path) -> bool:
    """Tell whether something names a generator: a run folder, a .safetensors file, or one that comes with gansmith."""
    path = expanded(str(target))
    if path.exists():
        return path.suffix == ".safetensors" or RunFolder(path).config.exists()
    return file.shipped(str(target)) is not None


def _of_run(folder: RunFolder, own: nn.Module | None, device: str, which: Which, trust: bool) -> TrainedGenerator:
    path = folder.generator(which)
    if path.exists() and file.read_description(path) is not None:  # it needs neither config nor what that names
        return dataclasses.replace(file.load(path, own, device, trust), run=folder.path)
    facts = folder.read(trust)
    if own is None and facts.own_networks:
        raise GansmithError(f"{folder.path} was trained with networks of your own: pass the generator as networks=")
    if not path.exists():
        when = "checkpoint" if which == "last" else "evaluation"
        raise GansmithError(f"{folder.path} has no {path.name} yet: let the run reach its first {when}")
    return dataclasses.replace(_of_before(facts, path, own, device), run=folder.path)


def _of_before(facts: Facts, path: Path, own: nn.Module | None, device: str) -> TrainedGenerator:
    """Return a generator whose file does not describe itself: it is built from the run's config."""
    r = facts.recipe
    made_by = {"name": r.name, "step": file.step_of(path), "recipe": to_dict(r)}
    family = r.family(facts.shape)
    return file.build(path, own, family, facts.shape, r.prior, r.conditioning, facts.vocabulary, made_by, device)


def _by_name(networks: Networks | Sequence[nn.Module] | nn.Module | None) -> Networks:
    """Return networks of a user's own by name."""
    if networks is None or isinstance(networks, nn.Module):
        return {} if networks is None else {"generator": networks}
    if not isinstance(networks, Mapping | Sequence):
        raise GansmithError(f"networks = {networks!r}: give a module, a pair of them, or modules by name")
    pair = networks if isinstance(networks, Sequence) else ()
    named = networks if isinstance(networks, Mapping) else dict(zip(("generator", "discriminator"), pair, strict=False))
    for name, network in named.items():
        if not isinstance(network, nn.Module):
            raise GansmithError(f"networks: the {name} is a {type(network).__name__}; give a module, or a pair of them")
    return named


def _no_raw(which: Which, path: Path) -> None:
    if which == "raw":
        raise GansmithError(f"{path} holds one generator, the averaged one: name its run folder for the raw one")


def _raw(folder: RunFolder, own: nn.Module | None, device: torch.device, trust: bool) -> TrainedGenerator:
    """Return the generator of the last checkpoint as it is trained."""
    facts, state = folder.read(trust), state_of(folder, "raw")
    if own is None and facts.own_networks:
        raise GansmithError(f"{folder.path} was trained with networks of your own: pass the generator as networks=")
    r, words = facts.recipe, facts.vocabulary
    network = file.unfilled(own, r.family(facts.shape), facts.shape, r.prior, r.conditioning, words)
    network = _filled(network, state, "generator", folder).to(device)
    made_by = {"name": r.name, "step": state["step"], "recipe": to_dict(r)}
    scale = scale_from(state["rounds"].get("scale"))
    return TrainedGenerator(network, facts.shape, r.prior, r.conditioning, words, made_by, scale, run=folder.path)


def _discriminator(
    folder: RunFolder, own: nn.Module | None, device: torch.device, which: Which, trust: bool
) -> nn.Module:
    """Return the discriminator of a run's checkpoint."""
    facts, state = folder.read(trust), state_of(folder, which)
    r = facts.recipe
    if "discriminator" not in state["game"]["networks"]:
        raise GansmithError(f"{folder.path}: the game of {r.name} has no discriminator")
    if facts.own_networks:
        if own is None:
            raise GansmithError(f"{folder.path} was trained with networks of your own: pass the pair as networks=")
        network = copy_of(own, "discriminator")
    else:
        condition = layout(r.conditioning, r.prior, facts.vocabulary)
        family, options = r.family(facts.shape), r.discriminator_options
        with forked():  # its weights are drawn, and then replaced
            network = build_discriminator(family, facts.shape, condition, r.conditioning, options)
    return _filled(network, state, "discriminator", folder).to(device)


def state_of(folder: RunFolder, which: Which) -> dict[str, Any]:
    """Return the checkpoint of a generator."""
    checkpoints = folder.checkpoints()
    state = read_checkpoint(checkpoints.best) if which == "best" else checkpoints.latest()
    return former.checkpoint(state) if state.get("format", former.FORMAT) == former.FORMAT else state


def _filled(network: nn.Module, state: dict[str, Any], name: str, folder: RunFolder) -> nn.Module:
    """Return a network with the weights of a checkpoint, ready to be used."""
    fill_network(network, state["game"]["networks"][name], f"the {name} of {folder.path} does not fit the given one")
    return network.eval().requires_grad_(False)
