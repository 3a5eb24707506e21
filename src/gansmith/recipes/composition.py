"""A recipe is a composition of components: it and its seed determine every number of a run."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from gansmith.data.source import SOURCES, Source
from gansmith.dynamics import DYNAMICS, Alternating
from gansmith.errors import GansmithError
from gansmith.games.augmentations import AUGMENTATIONS
from gansmith.games.optimizers import OPTIMIZERS, Adam
from gansmith.games.term import needs_of
from gansmith.generators.prior import PRIORS, Prior
from gansmith.networks import CONDITIONINGS, DCGAN, FAMILIES, MLP, OPTIONS, Conditioning, DiscriminatorOptions
from gansmith.recipes import former
from gansmith.recipes.parts import (
    CALLBACKS,
    COMPUTES,
    EVALUATIONS,
    RECORDS,
    TRAININGS,
    Compute,
    Evaluation,
    Records,
    Training,
)
from gansmith.settings import PLAIN, Component, flat, from_json, name_of, to_json
from gansmith.settings.components import fitting
from gansmith.terms import TERMS, Adversarial

FORMAT = 2  # of config.json; raised when a stored config can no longer be read as it stands


def _players() -> Mapping[str, Component]:
    return {"discriminator": Adam(), "generator": Adam()}


@dataclass(frozen=True)
class Recipe:
    """A run in full.

    Attributes:
        name: of the recipe.
        by_data: settings by flat name for kinds of data, see `kinds_of_data`.
        paper: what the paper has, by flat name, where settings here differ from it, on some kind of data at least.
        bounds: what it reaches at its defaults, by data and measure: at least so much, or at most where less is better.
        own: settings that the user has chosen, by flat name, and how they are read: they win over those of `by_data`.
    """

    name: str = field(default="own", metadata=PLAIN)
    source: Annotated[Component, SOURCES] = Source()
    network: Annotated[Component, FAMILIES] = DCGAN()
    """Family for images."""
    vectors: Annotated[Component, FAMILIES] = MLP()
    """Family for vectors (the toy sets)."""
    prior: Annotated[Component, PRIORS] = Prior()
    conditioning: Annotated[Component, CONDITIONINGS] = Conditioning()
    discriminator_options: Annotated[Component, OPTIONS] = DiscriminatorOptions()
    terms: Annotated[tuple[Component, ...], TERMS] = (Adversarial(),)
    augmentations: Annotated[tuple[Component, ...], AUGMENTATIONS] = ()
    dynamics: Annotated[Component, DYNAMICS] = Alternating()
    """Who moves when."""
    players: Annotated[Mapping[str, Component], OPTIMIZERS] = field(default_factory=_players, hash=False)
    training: Annotated[Component, TRAININGS] = Training()
    compute: Annotated[Component, COMPUTES] = Compute()
    records: Annotated[Component, RECORDS] = Records()
    evaluation: Annotated[Component, EVALUATIONS] = Evaluation()
    callbacks: Annotated[tuple[Component, ...], CALLBACKS] = ()
    """Of the user's own."""
    by_data: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False, metadata=PLAIN)
    paper: Mapping[str, Any] = field(default_factory=dict, hash=False, compare=False, metadata=PLAIN)
    bounds: Mapping[str, Mapping[str, float]] = field(default_factory=dict, hash=False, compare=False, metadata=PLAIN)
    own: tuple[tuple[Mapping[str, Any], flat.Read], ...] = field(default=(), hash=False, compare=False, metadata=PLAIN)

    def __repr__(self) -> str:
        """Return one line; `gansmith recipes NAME` prints all of it."""
        parts = [self.network, *self.terms, *self.augmentations, self.dynamics]
        return f"<Recipe {self.name}: {', '.join(map(name_of, parts))}; {self.training.steps:,} steps>"

    def family(self, shape: tuple[int, ...]) -> Component:
        """Return the family that plays samples of this shape: (D,) vectors or (C, H, W) images."""
        return self.network if len(shape) == 3 else self.vectors


JUDGING = ("adversarial", "bidirectional")
"""Terms that train the discriminator to tell real from generated."""


def change(recipe: Recipe, changes: Mapping[str, Any], read: flat.Read = fitting) -> Recipe:
    """Return the recipe with some settings changed, by flat names or former ones; see `gansmith.settings.flat`.

    >>> change(Recipe(), {"steps": 10, "r1": 0.1}).training.steps
    10
    """
    changed = _without_idle(recipe, flat.change(recipe, former.renamed(recipe, changes), read))
    return dataclasses.replace(changed, own=(*recipe.own, (dict(changes), read))) if recipe.by_data else changed


def _without_idle(before: Recipe, after: Recipe) -> Recipe:
    """Return the recipe without its discriminator, and what looks at it, if the term that trains it was taken out.

    What is left is the same network, trained with the other terms alone.
    """
    had, has = ([name for name in map(name_of, recipe.terms) if name in JUDGING] for recipe in (before, after))
    if not had or has or "discriminator" not in after.players:
        return after
    looking = [term for term in after.terms if _looks_at_discriminator(term)]
    if new := [name_of(term) for term in looking if term not in before.terms]:
        raise GansmithError(f"{new[0]} looks at the discriminator, which --{had[0]} 0 takes out: leave one of them")
    players = {name: how for name, how in after.players.items() if name != "discriminator"}
    return dataclasses.replace(after, terms=tuple(t for t in after.terms if t not in looking), players=players)


def _looks_at_discriminator(term: Component) -> bool:
    return "discriminator" in term.costs or needs_of(term).features


def kinds_of_data(shape: tuple[int, ...]) -> tuple[str, ...]:
    """Return what kinds of data samples of this shape are: the more special ones last.

    >>> kinds_of_data((2,)), kinds_of_data((9,)), kinds_of_data((1, 28, 28)), kinds_of_data((3, 32, 32))
    (('vectors', 'plane'), ('vectors',), ('gray',), ('colour',))
    """
    if len(shape) == 3:
        return ("gray",) if shape[0] == 1 else ("colour",)
    return ("vectors", "plane") if math.prod(shape) <= 2 else ("vectors",)


def suited(recipe: Recipe, shape: tuple[int, ...], own_networks: bool = False) -> Recipe:
    """Return the recipe as it is for data of this shape: with its own changes for their kind, below the user's.

    Networks of a user's own see data as they are, unless the user says otherwise.
    """
    if not recipe.by_data:
        return recipe
    plain = dataclasses.replace(recipe, by_data={}, own=())
    kinds = [recipe.by_data.get(kind, {}) for kind in kinds_of_data(shape)]
    left_out = {"standardize"} if own_networks else set()
    suiting = [({name: value for name, value in kind.items() if name not in left_out}, fitting) for kind in kinds]
    rows = {row.kind.name for row in flat.View(plain).rows}  # what was put into one of those is there
    for changes, read in (*suiting, *recipe.own):
        plain = change(plain, {name: value for name, value in changes.items() if name not in rows}, read)
    return plain


def to_dict(recipe: Recipe) -> dict[str, Any]:
    """Return the recipe as plain JSON values."""
    return {"format": FORMAT, "name": recipe.name, **to_json(recipe)}


def from_dict(stored: Mapping[str, Any]) -> Recipe:
    """Rebuild a recipe from `to_dict`'s values, or from those of format 1; say in one line why it cannot be.

    Components that are named with MODULE:ATTRIBUTE are imported: ask `gansmith.settings.foreign` before.
    """
    if stored.get("format") == former.FORMAT:
        recipe = Recipe(name=stored.get("name", "own"))
        return flat.change(recipe, former.renamed(recipe, former.settings(stored)), strict=False)  # type: ignore[no-any-return]
    if stored.get("format") != FORMAT:
        raise GansmithError(
            f"config format {stored.get('format')} is not the format {FORMAT} that this gansmith reads: "
            "use the gansmith version that wrote the run, or train it again"
        )
    known = {f.name for f in dataclasses.fields(Recipe) if f.metadata.get("setting", True)}
    parts = {name: part for name, part in stored.items() if name in known}
    recipe = from_json(Recipe, {**parts, "source": former.source(parts.get("source", {}))})
    return dataclasses.replace(recipe, name=stored.get("name", "own"))  # type: ignore[no-any-return]
