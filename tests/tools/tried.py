"""Every setting of every component, tried: what a short run becomes if one of them is another.

The settings, and other values for them, are read off the components themselves. A new setting is tried without a line
here; one whose other value cannot be told from its type, or that counts only beside others, needs a `Case` beside the
tests of its room, and its test fails until it has one.
"""

import dataclasses
import functools
import hashlib
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch

from gansmith.recipes.composition import Recipe, change
from gansmith.settings import Kind, Words
from gansmith.settings.components import bare, fitting, hints, leaves, marks, settings_of, slot
from gansmith.training.assemble import assemble

SMALL: Mapping[str, Any] = {
    "data": "ring", "hidden": 8, "width": 4, "latent": 4, "batch": 8, "steps": 4, "device": "cpu",
    "evaluate_every": 0, "generator_layers": 1, "discriminator_layers": 1,
}  # fmt: skip
IMAGES: Mapping[str, Any] = {"data": "digits", "image_size": 16}


@dataclass(frozen=True)
class Case:
    """One setting with another value than its default.

    Attributes:
        beside: what else is set, for both runs that are compared.
        values: instead of those that its type tells.
        recipe: that both runs begin with.
        instead: the recipe that the second one begins with, where the value needs another.
    """

    beside: Mapping[str, Any] = field(default_factory=dict)
    values: tuple[Any, ...] = ()
    recipe: Recipe = Recipe()
    instead: Recipe | None = None


@dataclass(frozen=True)
class Tried:
    """A setting of a component by name, one other value, and the case that it is tried in."""

    component: str
    setting: str
    value: Any
    case: Case
    bare: bool  # it is set by its own name, as it may stand in several components

    def __str__(self) -> str:
        return f"{self.component}.{self.setting}={self.value}".replace(" ", "")

    @property
    def changes(self) -> dict[str, Any]:
        return {self.setting if self.bare else f"{self.component}.{self.setting}": self.value}

    def differs(self) -> bool:
        """Tell whether a run with the other value is another one."""
        assert self.value is not None, f"write a Case for {self.component}.{self.setting}: what else could it be?"
        usual = trace(self.case.recipe, self.case.beside)
        return usual != trace(self.case.instead or self.case.recipe, {**self.case.beside, **self.changes})


def tried(kind: Kind, put_in: Mapping[str, Mapping[str, Any]], cases: Mapping[str, Case]) -> Iterator[Tried]:
    """Yield every setting of every component of ours of a kind, with every other value that it is tried with.

    Args:
        put_in: what puts a component in, by its name.
        cases: by "component.setting", or by "setting" for all components that have it.
    """
    known = set()
    for name, component in kind.ours.items():
        for one in settings_of(component):
            if slot(component, one) is not None:
                continue
            key = next((k for k in (f"{name}.{bare(one.name)}", bare(one.name)) if k in cases), None)
            known.add(key)
            case = cases.get(key or "", Case())
            both = dataclasses.replace(case, beside={**put_in.get(name, {}), **case.beside})
            for value in case.values or others(component, one) or (None,):
                yield Tried(name, bare(one.name), value, both, name not in _rows())
    unknown = set(cases) - known
    assert not unknown, f"cases of settings that there are not: {unknown}"


@functools.cache
def _rows() -> frozenset[str]:
    """The names of components that may stand among several, each of which has settings by its own name."""
    from gansmith.games.augmentations import AUGMENTATIONS
    from gansmith.terms import TERMS

    return frozenset([*TERMS.ours, *AUGMENTATIONS.ours])


def others(component: type, one: Any) -> tuple[Any, ...]:
    """Return other values than the default, as the type tells them; none where it does not."""
    hint, mark, usual = hints(component)[one.name], marks(component)[one.name], one.default
    options = [option for option in typing.get_args(hint) or (hint,) if option is not type(None)]
    if typing.get_origin(hint) is typing.Literal:
        return tuple(word for word in typing.get_args(hint) if word != usual)
    if isinstance(mark, Words):
        return tuple(word for word in mark.words if word != usual)
    if bool in options:
        return (not usual,)
    if int in options:
        return (3 if usual is None else usual + 1,)
    if float in options:
        doubled = 2 * usual if usual else 0.5
        try:
            return (fitting(component, one, doubled, one.name),)
        except Exception:  # a fraction
            return ((1 + usual) / 2,)
    return ()


def trace(recipe: Recipe, changes: Mapping[str, Any], steps: int = 4) -> str:
    """Return a digest of all that a short run becomes: its networks, its costs, its notes, and what it makes."""
    key = repr((leaves(recipe), sorted(changes.items(), key=lambda one: one[0])))
    return _trace(key, steps, _Kept(recipe, changes))


class _Kept:
    """Passes what a key stands for, as it is no key itself."""

    def __init__(self, recipe: Recipe, changes: Mapping[str, Any]) -> None:
        self.recipe = recipe
        self.changes = changes

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept)

    def __hash__(self) -> int:
        return 0


@functools.cache
def _trace(key: str, steps: int, kept: _Kept) -> str:
    trainer = assemble(change(change(kept.recipe, SMALL), kept.changes))
    digest = hashlib.sha256()

    def take(name: str, value: torch.Tensor) -> None:
        digest.update(f"{name} {tuple(value.shape)}".encode())
        digest.update(value.detach().cpu().double().numpy().tobytes())

    for _ in trainer.steps(steps):
        for name, cost in {**trainer.latest, **trainer.game.report()}.items():
            take(name, cost)
    for name, network in trainer.game.networks.items():
        for inside, value in network.state_dict().items():
            take(f"{name}.{inside}", value)
    take("made", torch.as_tensor(trainer.trained().sample(5, seed=1)))
    return digest.hexdigest()


def twins(places: Mapping[str, Mapping[str, Any]]) -> set[frozenset[str]]:
    """Return which of these changes, by name, make one and the same run."""
    by_trace: dict[str, set[str]] = {}
    for name, changes in places.items():
        by_trace.setdefault(trace(Recipe(), changes), set()).add(name)
    return {frozenset(names) for names in by_trace.values() if len(names) > 1}
