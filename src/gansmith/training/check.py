"""Compositions that cannot mean anything are refused before any data are read or any file is written.

Ranges are the settings' own, and what a component needs of others it says itself (`Needs`): here are the rules between
parts, and no part is known by name.
"""

from __future__ import annotations

from collections.abc import Iterator

from gansmith import settings
from gansmith.errors import GansmithError
from gansmith.games.term import needs_of
from gansmith.metrics import catalogue, own
from gansmith.networks.seen import Nothing
from gansmith.recipes.composition import Recipe


def check(recipe: Recipe) -> None:
    """Raise a `GansmithError` that names the setting, its value and what it may be."""
    settings.check(recipe)
    for problem in (*_between_parts(recipe), *_of_needs(recipe), *_of_compiling(recipe)):
        raise GansmithError(problem)
    if recipe.evaluation.best_by != "auto":
        catalogue.badness(recipe.evaluation.best_by, 0.0, own.own_metrics(recipe.evaluation.metrics))
    if recipe.source.image_size and hasattr(recipe.network, "check_side"):
        recipe.network.check_side(recipe.source.image_size)


def _between_parts(recipe: Recipe) -> Iterator[str]:
    how, options, batch = recipe.conditioning, recipe.discriminator_options, recipe.training.batch
    given, coded, way, pack = _given(recipe), _coded(recipe), how.discriminator_condition, options.pack
    norm = getattr(recipe.network, "generator_norm", "batch")
    if way != "none" and not given:
        yield f"discriminator_condition = {way} needs --condition labels or attributes"
    if _shown(recipe) and (given or how.conditional_norm):
        yield f"seen = {settings.name_of(how.seen)} goes with neither labels nor attributes: use --condition none"
    if how.conditional_norm and not (given or coded):
        yield "conditional_norm needs something to depend on: --condition labels or attributes"
    if how.conditional_norm and norm != "batch":
        yield f"conditional_norm needs --generator-norm batch, not {norm}"
    if options.autoencoder and way != "none":
        yield "an autoencoder reconstructs samples, not conditions: use --discriminator-condition none"
    if getattr(recipe.vectors, "images_only", False):
        yield "vectors: this family makes images alone, use --vectors mlp"
    if recipe.training.accumulate > 1 and not getattr(recipe.dynamics, "accumulates", False):
        yield (
            f"accumulate = {recipe.training.accumulate}: {settings.name_of(recipe.dynamics)} plays one minibatch at a "
            "time: use --accumulate 1 with a larger --batch, or --dynamics alternating"
        )
    if recipe.evaluation.patience and not recipe.evaluation.evaluate_every:
        yield f"patience = {recipe.evaluation.patience} waits for evaluations: use --evaluate-every 500 or --patience 0"
    if batch % pack:
        yield f"pack = {pack} must divide batch = {batch}: use --batch {(batch // pack + 1) * pack}"
    if pack > 1 and (given or coded or options.autoencoder):
        yield f"pack = {pack} goes with neither conditions, codes nor an autoencoder: use --pack 1"


def _of_needs(recipe: Recipe) -> Iterator[str]:
    pack, conditional = recipe.discriminator_options.pack, recipe.conditioning.discriminator_condition != "none"
    for term in recipe.terms:
        name, needs = settings.name_of(term), needs_of(term)
        if needs.pairs and recipe.training.batch == 1:
            yield f"batch = 1 has no variance and no pairs: {name} needs --batch 2 or more"
        if needs.single and pack > 1:
            yield f"pack = {pack}: {name} looks at single samples, which a packed discriminator does not"
        if needs.given and not _given(recipe):
            yield f"{name} needs --condition labels or attributes"
        if needs.seen and not _shown(recipe):
            yield f"{name} needs a generator that answers: use --seen masked or small with --network image-to-image"
        if needs.features and "discriminator" not in recipe.players:
            yield f"{name} looks at a discriminator's features, and there is none: leave --adversarial 0 out"
        if needs.codes and not _coded(recipe):
            yield f"{name} reads codes, and there are none: use --categorical-codes 1"
        if needs.unconditional and conditional:
            yield f"{name} forgets what old fakes were asked for: use --discriminator-condition none"


def _of_compiling(recipe: Recipe) -> Iterator[str]:
    parts = (recipe.dynamics, *recipe.augmentations, *recipe.players.values())
    changing = [needs_of(term).changing for term in recipe.terms]
    for choice in filter(None, (*changing, *(getattr(part, "changing", None) for part in parts))):
        if recipe.compute.compile:
            yield f"compile = True needs steps that are all alike, not {choice}: choose one of the two"


def _given(recipe: Recipe) -> bool:
    return bool(recipe.conditioning.condition != "none")


def _shown(recipe: Recipe) -> bool:
    return not isinstance(recipe.conditioning.seen, Nothing)


def _coded(recipe: Recipe) -> bool:
    return bool(recipe.prior.categorical_codes + recipe.prior.continuous_codes)
