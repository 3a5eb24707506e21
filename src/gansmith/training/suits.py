"""Whether data and device can give what a recipe asks of them."""

from __future__ import annotations

import warnings

import torch

from gansmith.conditions import Condition
from gansmith.data import Dataset
from gansmith.data.subset import aligned, labelled
from gansmith.data.unused import check_size
from gansmith.errors import GansmithError
from gansmith.games.term import needs_of
from gansmith.generators.vocabulary import Vocabulary
from gansmith.recipes.composition import Recipe
from gansmith.records.run_folder import Facts
from gansmith.settings import name_of
from gansmith.training.demand import check_demand as check_demand
from gansmith.training.device import has_bf16


def suited_data(dataset: Dataset, recipe: Recipe, facts: Facts | None) -> Dataset:
    """Return the data as a run needs them: with labels where it asks for them, matched by name with what it knows.

    Args:
        dataset: all there is.
        recipe: of the run.
        facts: what the run knows that goes on.
    """
    if facts and tuple(dataset.shape) != facts.shape:
        shape = tuple(dataset.shape)
        raise GansmithError(f"the run makes samples of shape {facts.shape}, and these data have {shape}: use others")
    how, words = recipe.conditioning.condition, facts.vocabulary if facts else Vocabulary()
    if how == "labels":
        return aligned(labelled(dataset), words.labels, (), recipe.name)
    return aligned(dataset, (), words.attributes, recipe.name) if how == "attributes" else dataset


def check_data(recipe: Recipe, dataset: Dataset, condition: Condition) -> None:
    """Raise a `GansmithError` if the data cannot give what the recipe asks of them."""
    check_size(recipe.source, tuple(dataset.shape), dataset.description)
    wanted = recipe.conditioning.condition
    if wanted != "none" and not condition.given:
        columns = f"; it has the columns {', '.join(dataset.columns)}" if dataset.columns else ""
        flag = "--label-column" if wanted == "labels" else "--attribute-columns"
        raise GansmithError(
            f"{recipe.name} needs {wanted}, and {dataset.description} has none{columns}: name them with {flag}, "
            "or take an unconditional recipe"
        )
    for term in recipe.terms:
        if needs_of(term).knowledge:
            _check_knowledge(name_of(term), dataset)
    for part in recipe.augmentations:
        if getattr(part, "needs_images", False) and len(dataset.shape) != 3:
            raise GansmithError(f"{name_of(part)} needs images, and {dataset.description} has none")


def _check_knowledge(name: str, dataset: Dataset) -> None:
    out = f"or leave it out, --{name.replace('_', '-')} 0"
    if len(dataset.shape) != 3:
        raise GansmithError(f"{name} reads images, and {dataset.description} has none: take some, {out}")
    if not (dataset.label_names or dataset.attribute_names):
        raise GansmithError(
            f"{name} needs labels or attributes, and {dataset.description} has none: name columns that hold some with "
            f"--label-column or --attribute-columns, {out}"
        )


def check_device(recipe: Recipe, device: torch.device) -> None:
    """Raise a `GansmithError` if the device cannot do what the recipe asks of it."""
    if recipe.compute.precision == "tf32" and device.type != "cuda":
        raise GansmithError(f"precision = tf32 is a CUDA device's, and this run is on {device}: use fp32 or bf16")
    if recipe.compute.compile and device.type == "mps":
        raise GansmithError("compile = True counts in double precision, which mps has not: leave it out")
    if recipe.compute.precision == "bf16" and not has_bf16(device):
        warnings.warn(
            f"precision = bf16: this {device.type} device has no instructions for it: it takes far longer than fp32",
            stacklevel=2,
        )
