"""Compositions that cannot mean anything are refused before any data are read or any file is written.

Ranges are the settings' own, and what a component needs of others it says itself (`Needs`): here are the rules between
parts, and no part is known by name.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import torch

from gansmith import settings
from gansmith.conditions import Condition
from gansmith.data import Dataset
from gansmith.errors import GansmithError
from gansmith.games.term import Needs
from gansmith.metrics.catalogue import badness
from gansmith.recipes.composition import Recipe
from gansmith.training.device import has_bf16

NOTHING = Needs()


def check(recipe: Recipe) -> None:
    """Raise a `GansmithError` that names the setting, its value and what it may be."""
    settings.check(recipe)
    how, options, prior = recipe.conditioning, recipe.discriminator_options, recipe.prior
    given, coded = how.condition != "none", bool(prior.categorical_codes + prior.continuous_codes)
    conditional = how.discriminator_condition != "none"
    batch, pack = recipe.training.batch, options.pack
    _refuse(
        conditional and not given,
        f"discriminator_condition = {how.discriminator_condition} needs --condition labels or attributes",
    )
    _refuse(
        how.conditional_norm and not (given or coded),
        "conditional_norm needs something to depend on: --condition labels or attributes",
    )
    norm = getattr(recipe.network, "generator_norm", "batch")
    _refuse(how.conditional_norm and norm != "batch", f"conditional_norm needs --generator-norm batch, not {norm}")
    _refuse(
        options.autoencoder and conditional,
        "an autoencoder reconstructs samples, not conditions: use --discriminator-condition none",
    )
    _refuse(getattr(recipe.vectors, "images_only", False), "vectors: this family makes images alone, use --vectors mlp")
    _refuse(
        pack > 1 and batch % pack > 0,
        f"pack = {pack} must divide batch = {batch}: use --batch {(batch // pack + 1) * pack}",
    )
    _refuse(
        pack > 1 and (given or coded or options.autoencoder),
        f"pack = {pack} goes with neither conditions, codes nor an autoencoder: use --pack 1",
    )
    for name, needs in _needs(recipe):
        _refuse(needs.pairs and batch == 1, f"batch = 1 has no variance and no pairs: {name} needs --batch 2 or more")
        _refuse(
            needs.single and pack > 1,
            f"pack = {pack}: {name} looks at single samples, which a packed discriminator does not",
        )
        _refuse(needs.given and not given, f"{name} needs --condition labels or attributes")
        _refuse(needs.codes and not coded, f"{name} reads codes, and there are none: use --categorical-codes 1")
        _refuse(
            needs.unconditional and conditional,
            f"{name} forgets what old fakes were asked for: use --discriminator-condition none",
        )
    for changing in _changing(recipe) if recipe.compute.compile else ():
        raise GansmithError(f"compile = True needs steps that are all alike, not {changing}: choose one of the two")
    if recipe.evaluation.best_by != "auto":
        badness(recipe.evaluation.best_by, 0.0)  # which knows all metrics
    if recipe.source.image_size and hasattr(recipe.network, "check_side"):
        recipe.network.check_side(recipe.source.image_size)


def _refuse(when: bool, why: str) -> None:
    if when:
        raise GansmithError(why)


def _needs(recipe: Recipe) -> Iterator[tuple[str, Needs]]:
    for term in recipe.terms:
        yield settings.name_of(term), getattr(term, "needs", NOTHING)


def _changing(recipe: Recipe) -> Iterator[str]:
    """Yield what makes one step differ from the next by more than its numbers."""
    parts: list[Any] = [recipe.dynamics, *recipe.augmentations, *recipe.players.values()]
    yield from filter(None, (needs.changing for _, needs in _needs(recipe)))
    yield from filter(None, (getattr(part, "changing", None) for part in parts))


def check_data(recipe: Recipe, dataset: Dataset, condition: Condition) -> None:
    """Raise a `GansmithError` if the data cannot give what the recipe asks of them."""
    wanted = recipe.conditioning.condition
    if wanted != "none" and not condition.given:
        columns = f"; it has the columns {', '.join(dataset.columns)}" if dataset.columns else ""
        flag = "--label-column" if wanted == "labels" else "--attribute-columns"
        raise GansmithError(
            f"{recipe.name} needs {wanted}, and {dataset.description} has none{columns}: name them with {flag}, "
            "or take an unconditional recipe"
        )
    for part in recipe.augmentations:
        if getattr(part, "needs_images", False) and len(dataset.shape) != 3:
            raise GansmithError(f"{settings.name_of(part)} needs images, and {dataset.description} has none")


def check_device(recipe: Recipe, device: torch.device) -> None:
    """Raise a `GansmithError` if the device cannot do what the recipe asks of it."""
    if recipe.compute.precision == "tf32" and device.type != "cuda":
        raise GansmithError(f"precision = tf32 is a CUDA device's, and this run is on {device}: use fp32 or bf16")
    if recipe.compute.precision == "bf16" and not has_bf16(device):
        warnings.warn(
            f"precision = bf16: this {device.type} device has no instructions for it: it takes far longer than fp32",
            stacklevel=2,
        )
