"""Recipes that cannot mean anything are refused before any data are read or any file is written."""

from __future__ import annotations

import warnings

import torch

from gansmith.conditions import Condition
from gansmith.config import FIELDS, Recipe
from gansmith.data import Dataset
from gansmith.errors import GansmithError, unknown
from gansmith.metrics.catalogue import badness
from gansmith.networks.layers import halvings, quarter
from gansmith.objectives.augmentation import POLICIES
from gansmith.training.device import has_bf16


def check(recipe: Recipe) -> None:
    """Raise a `GansmithError` that names the field, its value and what it may be."""
    _check_ranges(recipe)
    o, p, n = recipe.objective, recipe.play, recipe.networks
    if p.dynamics != "alternating" and p.n_critic != 1:
        raise GansmithError(f"n_critic = {p.n_critic} needs --dynamics alternating; {p.dynamics} moves both at once")
    if recipe.budget.batch == 1 and (o.variance or o.pull_away):
        raise GansmithError("batch = 1 has no variance and no pairs: --variance and --pull-away need --batch 2 or more")
    _check_steering(recipe)
    if recipe.budget.compile:
        _check_alike(recipe)
    if recipe.measure.best_by != "auto":
        badness(recipe.measure.best_by, 0.0)  # which knows all metrics
    side = recipe.source.image_size or 0
    if side > 0 and n.network == "infogan":
        quarter(side)
    elif side > 0 and n.network != "mlp":
        halvings(side, n.network)


def check_data(recipe: Recipe, dataset: Dataset, condition: Condition) -> None:
    """Raise a `GansmithError` if the data cannot give what the recipe asks of them."""
    wanted = recipe.networks.condition
    if wanted != "none" and not condition.given:
        columns = f"; it has the columns {', '.join(dataset.columns)}" if dataset.columns else ""
        flag = "--label-column" if wanted == "labels" else "--attribute-columns"
        raise GansmithError(
            f"{recipe.name} needs {wanted}, and {dataset.description} has none{columns}: name them with {flag}, "
            "or take an unconditional recipe"
        )
    if recipe.objective.augment and len(dataset.shape) != 3:
        raise GansmithError(f"augment = {recipe.objective.augment} needs images, and {dataset.description} has none")


def check_device(recipe: Recipe, device: torch.device) -> None:
    """Raise a `GansmithError` if the device cannot do what the recipe asks of it."""
    if recipe.budget.precision == "tf32" and device.type != "cuda":
        raise GansmithError(f"precision = tf32 is a CUDA device's, and this run is on {device}: use fp32 or bf16")
    if recipe.budget.precision == "bf16" and not has_bf16(device):
        warnings.warn(
            f"precision = bf16: this {device.type} device has no instructions for it: it takes far longer than fp32",
            stacklevel=2,
        )


def _check_alike(recipe: Recipe) -> None:
    """Refuse to record a step that another step would differ from by more than its numbers."""
    o, p = recipe.objective, recipe.play
    changing = {
        f"dynamics = {p.dynamics}": p.dynamics == "optimistic",
        f"replay = {o.replay:g}": o.replay,
        f"instance_noise = {o.instance_noise:g}": o.instance_noise,
        f"penalty_every = {o.penalty_every}": o.penalty_every != 1,
        # the others take no learning rate that is a tensor, as it has to be in a graph to change
        f"schedule = {p.schedule} of {p.optimizer}": p.schedule != "constant" and p.optimizer not in SCHEDULED,
    }
    for choice, made in changing.items():
        if made:
            raise GansmithError(f"compile = True needs steps that are all alike, not {choice}: choose one of the two")


def _check_steering(recipe: Recipe) -> None:
    """Refuse combinations in which one choice would make another one void or wrong."""
    o, p, n = recipe.objective, recipe.play, recipe.networks
    conditional, coded = n.condition != "none", n.categorical_codes + n.continuous_codes > 0
    if not conditional and n.discriminator_condition != "none":
        raise GansmithError(
            f"discriminator_condition = {n.discriminator_condition} needs --condition labels or attributes"
        )
    if not conditional and n.auxiliary != "none":
        raise GansmithError(f"auxiliary = {n.auxiliary} needs --condition labels or attributes")
    if n.conditional_norm and not (conditional or coded):
        raise GansmithError("conditional_norm needs something to depend on: --condition labels or attributes")
    if n.conditional_norm and n.generator_norm != "batch":
        raise GansmithError(f"conditional_norm needs --generator-norm batch, not {n.generator_norm}")
    if n.autoencoder and n.discriminator_condition != "none":
        raise GansmithError("an autoencoder reconstructs samples, not conditions: use --discriminator-condition none")
    if o.replay and n.discriminator_condition != "none":
        raise GansmithError("replay forgets what old fakes were asked for: use --discriminator-condition none")
    for policy in filter(None, o.augment.split(",")):
        if policy not in POLICIES:
            raise unknown("value for augment", policy, POLICIES)
    if n.pack > 1:
        _check_pack(recipe, conditional or coded)
    if p.dynamics == "unrolled" and p.consensus:
        raise GansmithError("consensus and unrolled both look ahead: choose one")


def _check_pack(recipe: Recipe, steered: bool) -> None:
    o, n, batch = recipe.objective, recipe.networks, recipe.budget.batch
    penalties = {"gradient_penalty": o.gradient_penalty, "r1": o.r1, "r2": o.r2, "dragan": o.dragan}
    if batch % n.pack:
        raise GansmithError(
            f"pack = {n.pack} must divide batch = {batch}: use --batch {(batch // n.pack + 1) * n.pack}"
        )
    for name, weight in penalties.items():
        if weight:
            raise GansmithError(
                f"pack = {n.pack}: {name} looks at single samples, which a packed discriminator does not"
            )
    if steered or n.autoencoder:
        raise GansmithError(f"pack = {n.pack} goes with neither conditions, codes nor an autoencoder: use --pack 1")


COUNTS = [
    *("steps", "batch", "log_every", "checkpoint_every", "keep", "n_critic", "penalty_every", "evaluate_samples"),
    *("pack", "replay_size", "latent", "width", "hidden"),
]
WEIGHTS = [
    *("clip", "gradient_penalty", "gradient_target", "r1", "r2", "dragan", "variance", "pull_away", "margin"),
    *("auxiliary_real", "auxiliary_fake", "auxiliary_generator", "information", "information_continuous"),
    *(
        "feature_matching",
        "feature_covariance",
        "replay",
        "instance_noise",
        "generator_scale",
        "consensus",
        "lr_final",
        "evaluate_every",
    ),
    *("generator_layers", "discriminator_layers", "embedding", "categorical_codes", "continuous_codes"),
    "unrolled_steps",
]
SCALES = [
    *("noise_scale", "discriminator_scale", "lr_generator", "lr_discriminator", "unrolled_lr"),
    "instance_noise_until",
]
SCHEDULED = ("Adam", "AdamW", "SGD")  # what a compiled step can change the learning rate of
FRACTIONS = ["ema", "label_smoothing", "label_noise"]


def _check_ranges(recipe: Recipe) -> None:
    """Hold every number to its range: counts from 1, weights from 0, fractions within 0 and 1."""

    def value(name: str) -> float:
        number: float = getattr(getattr(recipe, FIELDS[name]), name)
        return number

    for name in COUNTS:
        if value(name) < 1:
            raise GansmithError(f"{name} = {value(name)} must be at least 1")
    for name in WEIGHTS:
        if value(name) < 0:
            raise GansmithError(f"{name} = {value(name):g} must be 0 or more")
    for name in SCALES:
        if value(name) <= 0:
            raise GansmithError(f"{name} = {value(name):g} must be more than 0")
    for name in FRACTIONS:
        if not 0 <= value(name) < 1:
            raise GansmithError(f"{name} = {value(name):g} must be in [0, 1)")
    if recipe.budget.threads is not None and recipe.budget.threads < 1:
        raise GansmithError(f"threads = {recipe.budget.threads} must be at least 1, or None for torch's choice")
    if recipe.networks.categories < 2:
        raise GansmithError(f"categories = {recipe.networks.categories} must be at least 2")
    if not 0 <= recipe.budget.seed < 2**63:
        raise GansmithError(f"seed = {recipe.budget.seed} must be in [0, 2^63)")
