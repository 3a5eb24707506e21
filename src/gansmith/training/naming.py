"""Classes and attributes of another run are found by name in its tensors, wherever they stand there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from torch import Tensor

from gansmith.conditions import Condition
from gansmith.games import GAN
from gansmith.generators.vocabulary import Vocabulary
from gansmith.recipes import former
from gansmith.streams import forked

SHOWN = 8  # names in a line


class Names(NamedTuple):
    """What a run is asked for: the kind of it, labels or attributes, and their names in order."""

    kind: str = "none"
    names: tuple[str, ...] = ()


class Block(NamedTuple):
    """Where the numbers of classes or attributes stand in a tensor: along an axis, from a place on."""

    axis: int
    start: int


def names_of(described: Mapping[str, Any]) -> Names:
    """Return what a run's config.json, or a generator's description of itself, says that it is asked for."""
    kind = str(described.get("conditioning", {}).get("condition", "none"))
    words = described.get("vocabulary", None) or former.vocabulary(dict(described))
    return Names(kind, tuple(words.get(kind, ())))


def names_in(words: Vocabulary, kind: str) -> Names:
    """Return what a run is asked for, of all the words that its data have."""
    return Names(kind, tuple(getattr(words, kind, ())))


@dataclass(frozen=True)
class Matching:
    """How tensors of another run become those of this one.

    Attributes:
        theirs: what the other run is asked for; None where nobody knows.
        mine: what this one is.
        blocks: where it stands, by network.tensor, for tensors whose shapes depend on it; None where that is not clear.
    """

    theirs: Names | None = None
    mine: Names = Names()
    blocks: Mapping[str, Block | None] = field(default_factory=dict)

    @property
    def alike(self) -> bool:
        """Whether numbers mean the same, or nobody can tell what they mean."""
        return self.theirs is None or self.theirs.kind != self.mine.kind or self.theirs.names == self.mine.names

    def fitted(self, name: str, other: Tensor | None, own: Tensor) -> Tensor | None:
        """Return another run's tensor as this run's: of classes that are new here what `own` holds; None if none fits.

        Args:
            name: network.tensor.
            other: the tensor there.
            own: this run's of that name.
        """
        if other is None or other.dim() != own.dim():
            return None
        if self.alike or self.theirs is None or name not in self.blocks:
            return other if other.shape == own.shape else None
        block = self.blocks[name]
        there, here = self.theirs.names, self.mine.names
        if block is None:
            return None
        axis, start = block
        shape = [*other.shape]
        shape[axis] += len(here) - len(there)
        if shape != [*own.shape]:
            return None
        found, source = own.detach().clone(), other.to(own).movedim(axis, 0)
        filled = found.movedim(axis, 0)
        filled[:start] = source[:start]
        filled[start + len(here) :] = source[start + len(there) :]
        for row, one in enumerate(here):
            if one in there:
                filled[start + row] = source[start + there.index(one)]
        return found

    @property
    def told(self) -> list[str]:
        """A line about names that are new here."""
        if self.alike or self.theirs is None:
            return []
        what = "classes" if self.mine.kind == "labels" else "attributes"
        if not self.blocks:
            return [f"nothing of the {what}, which are others there, and which networks of your own take by number"]
        new = [name for name in self.mine.names if name not in self.theirs.names]
        more = f" and {len(new) - SHOWN:,} more" if len(new) > SHOWN else ""
        return [f"the {what} {', '.join(new[:SHOWN])}{more}, which are not there"] if new else []


def matching(theirs: Names | None, mine: Names, game: GAN, wider: Callable[[Condition], GAN] | None) -> Matching:
    """Return how the tensors of another run become those of this one.

    Where classes stand in a tensor is seen by a game with one class (or attribute) more, whose tensor is longer there:
    for a generator they are the first of what comes after the noise, for others the first of what comes last.

    Args:
        theirs: what the other run is asked for, if it says so.
        mine: what this one is.
        game: of this one.
        wider: returns the same game for another condition; None for networks of a user's own.
    """
    plain = Matching(theirs, mine)
    if plain.alike or wider is None:
        return plain
    how = game.condition
    more = replace(how, labels=how.labels + bool(how.labels), attributes=how.attributes + ("",) * bool(how.attributes))
    blocks: dict[str, Block | None] = {}
    with forked():
        longer = wider(more).networks
    for network, module in game.networks.items():
        beside = longer[network].state_dict() if network in longer else {}
        last = how.size if network == "generator" else how.given
        for name, tensor in module.state_dict().items():
            other = beside.get(name)
            if other is None or other.shape != tensor.shape:
                blocks[f"{network}.{name}"] = None if other is None else _block(tensor, other, last)
    return replace(plain, blocks=blocks)


def _block(tensor: Tensor, longer: Tensor, last: int) -> Block | None:
    if tensor.dim() != longer.dim():
        return None
    apart = [b - a for a, b in zip(tensor.shape, longer.shape, strict=True)]
    axes = [axis for axis, difference in enumerate(apart) if difference]
    if len(axes) != 1 or apart[axes[0]] != 1 or tensor.shape[axes[0]] < last:
        return None
    return Block(axes[0], tensor.shape[axes[0]] - last)
