"""Recipes that cannot mean anything are refused before any data are read or any file is written."""

from __future__ import annotations

from gansmith.config import Recipe
from gansmith.errors import GansmithError
from gansmith.metrics.catalogue import badness
from gansmith.networks.layers import halvings


def check(recipe: Recipe) -> None:
    """Raise a `GansmithError` that names the field, its value and what it may be."""
    _check_ranges(recipe)
    o, p, n = recipe.objective, recipe.play, recipe.networks
    if p.dynamics != "alternating" and p.n_critic != 1:
        raise GansmithError(f"n_critic = {p.n_critic} needs --dynamics alternating; {p.dynamics} moves both at once")
    if recipe.budget.batch == 1 and (o.variance or o.pull_away):
        raise GansmithError("batch = 1 has no variance and no pairs: --variance and --pull-away need --batch 2 or more")
    if recipe.measure.best_by != "auto":
        badness(recipe.measure.best_by, 0.0)  # which knows all metrics
    if (recipe.source.image_size or 0) > 0 and n.network != "mlp":
        halvings(recipe.source.image_size or 0, n.network)


def _check_ranges(recipe: Recipe) -> None:
    """Hold every number to its range: counts from 1, weights from 0, fractions within 0 and 1."""
    b, o, p, n = recipe.budget, recipe.objective, recipe.play, recipe.networks
    counts: dict[str, float] = {
        "steps": b.steps,
        "batch": b.batch,
        "log_every": b.log_every,
        "checkpoint_every": b.checkpoint_every,
    }
    counts |= {"keep": b.keep, "n_critic": p.n_critic, "penalty_every": o.penalty_every}
    counts |= {"evaluate_samples": recipe.measure.evaluate_samples}
    counts |= {"latent": n.latent, "width": n.width, "hidden": n.hidden}
    layers: dict[str, float] = {"generator_layers": n.generator_layers, "discriminator_layers": n.discriminator_layers}
    weights = {"clip": o.clip, "gradient_penalty": o.gradient_penalty, "gradient_target": o.gradient_target}
    weights |= {"r1": o.r1, "r2": o.r2, "dragan": o.dragan, "variance": o.variance, "pull_away": o.pull_away}
    weights |= {"margin": o.margin, "consensus": p.consensus, "lr_final": p.lr_final}
    weights |= {"evaluate_every": recipe.measure.evaluate_every}
    scales = {"noise_scale": n.noise_scale, "discriminator_scale": o.discriminator_scale}
    scales |= {"lr_generator": p.lr_generator, "lr_discriminator": p.lr_discriminator}
    fractions = {"ema": b.ema, "label_smoothing": o.label_smoothing, "label_noise": o.label_noise}
    for name, value in counts.items():
        if value < 1:
            raise GansmithError(f"{name} = {value} must be at least 1")
    for name, value in (layers | weights).items():
        if value < 0:
            raise GansmithError(f"{name} = {value:g} must be 0 or more")
    for name, value in scales.items():
        if value <= 0:
            raise GansmithError(f"{name} = {value:g} must be more than 0")
    for name, value in fractions.items():
        if not 0 <= value < 1:
            raise GansmithError(f"{name} = {value:g} must be in [0, 1)")
    if not 0 <= b.seed < 2**63:
        raise GansmithError(f"seed = {b.seed} must be in [0, 2^63)")
