"""The flag to try first against a warning sign, as it fits the recipe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gansmith.errors import GansmithError
from gansmith.recipes.composition import Recipe, change
from gansmith.settings import name_of
from gansmith.training.check import check

USUAL = 2e-4  # the rate of Adam in most papers on GANs
WILD = 100 * USUAL
CONSTRAINTS = {"gradient_penalty", "r1", "r2", "dragan", "variance"}
ADAPTIVE = ("Adam", "RMSprop", "Ada", "NAdam", "RAdam")


def remedy(kind: str, whose: str, recipe: Recipe, own_networks: bool = False) -> str:
    """Return the first flag that the recipe takes and that changes it.

    Args:
        kind: of sign, see `WarningSigns`.
        whose: the player it is about.
        own_networks: whether the networks are the user's own, which no setting of networks reaches.
    """
    for name, value in _candidates(kind, whose, recipe, own_networks):
        try:
            changed = change(recipe, {name: value})
            check(changed)
        except GansmithError:
            continue
        if changed != recipe:
            shown = f"{value:g}" if isinstance(value, float) else str(value)
            return f"--{name.replace('_', '-')} {shown}"
    return "another --loss or --lr"


def _candidates(kind: str, whose: str, recipe: Recipe, own_networks: bool) -> Iterator[tuple[str, Any]]:
    """Yield what may help, the likeliest first."""
    terms = {name_of(term) for term in recipe.terms}
    loss = next((name_of(getattr(term, "loss", None)) for term in recipe.terms if hasattr(term, "loss")), "")
    if kind == "flat" and loss in ("minimax", "margin"):  # their slopes vanish where D is sure: the others' do not
        yield "loss", "nonsaturating"
    yield from _wild(recipe)
    if kind in ("flat", "unbounded") and loss == "wasserstein" and not terms & CONSTRAINTS:
        yield "gradient_penalty", 10
    if kind == "alike":
        if not own_networks and recipe.discriminator_options.minibatch == "none":
            yield "minibatch", "stddev"
    elif kind != "unbounded":
        yield from _ahead(whose, recipe)
    if not terms & CONSTRAINTS:
        yield "r1", 1
    yield f"{whose}.lr", _rate(recipe, whose) / 4


def _ahead(whose: str, recipe: Recipe) -> Iterator[tuple[str, Any]]:
    """Yield what takes back a lead that the recipe gives a discriminator."""
    if (own := _rate(recipe, "generator")) and _rate(recipe, whose) > 2 * own:
        yield f"{whose}.lr", own
    if getattr(recipe.dynamics, "n_critic", 1) > 1:
        yield "n_critic", 1


def _wild(recipe: Recipe) -> Iterator[tuple[str, Any]]:
    """Yield a usual rate for players that hold still, or whose steps are far larger than any adaptive optimiser's."""
    wild = [player for player in recipe.players if _is_wild(recipe, player)]
    if wild:
        yield f"{wild[0]}.lr" if len(wild) < len(recipe.players) else "lr", USUAL


def _is_wild(recipe: Recipe, player: str) -> bool:
    how, rate = recipe.players[player], _rate(recipe, player)
    adaptive = str(getattr(how, "optimizer", "")).startswith(ADAPTIVE)
    return hasattr(how, "lr") and (rate == 0 or (adaptive and rate >= WILD))


def _rate(recipe: Recipe, player: str) -> float:
    """Return a player's learning rate; 0 if its optimiser tells none."""
    return float(getattr(recipe.players.get(player), "lr", 0.0))
