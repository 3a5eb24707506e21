"""Trained generators by their file, their run's folder, or the name of one that comes with gansmith."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Literal

from torch import nn

from gansmith.errors import GansmithError
from gansmith.generators import file
from gansmith.generators.trained import TrainedGenerator
from gansmith.numerics import settle_vector_mathematics
from gansmith.recipes.composition import to_dict
from gansmith.records.run_folder import Facts, RunFolder
from gansmith.settings.values import expanded
from gansmith.training.device import find_device

SHIPPED = Path(__file__).parent.parent / "shipped"


def load(
    run: str | Path,
    networks: tuple[nn.Module, nn.Module] | nn.Module | None = None,
    device: str = "cpu",
    generator: Literal["last", "best"] = "last",
    trust: bool = False,
) -> TrainedGenerator:
    """Return a trained generator.

    Args:
        run: a generator's .safetensors file, which needs nothing else; or a run folder; or the name of a generator that
            comes with gansmith.
        networks: needed if the run was trained with networks of your own: the generator, or the pair.
        device: where to put it.
        generator: of a run folder: the one of the last checkpoint, or the best one by the run's metric (`best_by`).
        trust: import code of a user's own that the file or the run's config names.

    Raises:
        GansmithError: if there is no generator there, or one that does not fit.
    """
    settle_vector_mathematics()
    own = networks[0] if isinstance(networks, tuple) else networks
    path, where = expanded(str(run)), find_device(device)
    if path.is_file():
        return file.load(path, own, where, trust)
    shipped = SHIPPED / f"{run}.safetensors"
    if not path.exists() and shipped.is_file():
        return file.load(shipped, own, where)
    return _of_run(RunFolder(path), own, str(where), generator, trust)


def is_generator(target: str | Path) -> bool:
    """Tell whether something names a generator: a run folder, a .safetensors file, or one that comes with gansmith."""
    path = expanded(str(target))
    if path.exists():
        return path.suffix == ".safetensors" or RunFolder(path).config.exists()
    return (SHIPPED / f"{target}.safetensors").is_file()


def _of_run(
    folder: RunFolder, own: nn.Module | None, device: str, which: Literal["last", "best"], trust: bool
) -> TrainedGenerator:
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
