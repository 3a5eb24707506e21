"""What a generator can be asked for, in words: names of labels and attributes, and how often each of them occurs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from gansmith.conditions import Condition
from gansmith.errors import unknown
from gansmith.generators.packing import packed, unpacked

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from gansmith.data.dataset import Dataset
    from gansmith.generators.prior import Prior
    from gansmith.networks.options import Conditioning

ROWS = 256  # samples whose attributes are kept
VIEWS = 128  # samples of which is kept what is shown of them
SHOWN = 4  # names in a line


@dataclass(frozen=True)
class Vocabulary:
    """The data's labels and attributes by name.

    Attributes:
        labels: names of the classes.
        shares: how often each of them occurs, summing to 1; empty where it is not known.
        attributes: names of the attributes.
        rows: the attributes of some samples, to ask for what occurs.
        view: shape of what a generator is shown of a sample; () for nothing.
        views: what is shown of some samples, packed.
    """

    labels: tuple[str, ...] = ()
    shares: tuple[float, ...] = ()
    attributes: tuple[str, ...] = ()
    rows: tuple[tuple[float, ...], ...] = ()
    view: tuple[int, ...] = ()
    views: tuple[str, ...] = ()

    def label(self, word: int | str) -> int:
        """Return the index of a class. It is called by its name; a number counts where no name is a number.

        >>> Vocabulary(("1", "2", "3")).label(1), Vocabulary(("cat", "dog")).label(1)
        (0, 1)
        """
        text = str(word)
        if text in self.labels:
            return self.labels.index(text)
        if text.isdecimal() and int(text) < len(self.labels) and not any(name.isdigit() for name in self.labels):
            return int(text)
        raise unknown("label", text, self.labels)

    def attribute(self, name: str) -> int:
        """Return the index of an attribute."""
        if name not in self.attributes:
            raise unknown("attribute", name, self.attributes)
        return self.attributes.index(name)

    def draw(self, condition: Condition, count: int, rng: torch.Generator) -> tuple[Tensor | None, Tensor | None]:
        """Return labels (N,) as often as the data have them, and attributes (N, A) of some real samples.

        This is the mix of conditions wherever nothing else is asked for: in the journal, evaluations and pictures.
        """
        import torch

        labels = attributes = None
        if condition.labels:
            shares = torch.tensor(self.shares or [1.0] * condition.labels, dtype=torch.float64)
            labels = torch.multinomial(shares, count, replacement=True, generator=rng)
        if condition.attributes:
            rows = torch.tensor(self.rows)
            attributes = rows[torch.randint(len(rows), (count,), generator=rng)]
        return labels, attributes

    def draw_views(self, condition: Condition, count: int, rng: torch.Generator) -> Tensor | None:
        """Return what is shown of some real samples, (N, *view); None where nothing is."""
        import torch

        if not condition.view:
            return None
        shown = unpacked(self.views, self.view)
        return shown[torch.randint(len(shown), (count,), generator=rng)]

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {f.name: [list(v) if isinstance(v, tuple) else v for v in getattr(self, f.name)] for f in fields(self)}


def described(condition: Condition, words: Vocabulary) -> str:
    """Return in a few words what a generator can be asked for.

    >>> from gansmith.conditions import Condition
    >>> described(Condition(labels=3, categorical=(10,), continuous=2), Vocabulary(tuple("abc")))
    'labels a, b, c; codes 0 to 2'
    """
    labels, codes = words.labels if condition.labels else (), len(condition.categorical) + condition.continuous
    told = [("labels", labels), ("attributes", condition.attributes)]
    parts = [f"{what} {', '.join(names[:SHOWN])}{', …' * (len(names) > SHOWN)}" for what, names in told if names]
    return "; ".join([*parts, *([f"codes 0 to {codes - 1}"] if codes else [])])


def vocabulary_of(dataset: Dataset, seed: int, how: Conditioning) -> Vocabulary:
    """Return the words of a data set.

    Args:
        seed: of the order in which samples are looked at, for their attributes and for what is shown of them.
        how: what a generator is asked for.
    """
    import torch

    rows: tuple[tuple[float, ...], ...] = ()
    if how.condition == "attributes":
        some = next(dataset.batches(ROWS, seed, 0, torch.device("cpu"))).attributes
        rows = () if some is None else tuple(tuple(round(v, 3) for v in row) for row in some.tolist())
    shares = () if dataset.frequencies is None else tuple(round(v, 6) for v in dataset.frequencies.tolist())
    view: tuple[int, ...] = how.seen.shape(tuple(dataset.shape))
    views: tuple[str, ...] = ()
    if view:
        x = next(dataset.batches(VIEWS, seed, 0, torch.device("cpu"))).x
        views = packed(how.seen.show(x, torch.Generator().manual_seed(seed)))
    return Vocabulary(tuple(dataset.label_names), shares, tuple(dataset.attribute_names), rows, view, views)


def vocabulary_from(stored: Mapping[str, Sequence[Any]]) -> Vocabulary:
    """Rebuild a vocabulary from `to_json`'s values."""
    rows = tuple(tuple(row) for row in stored.get("rows", ()))
    others = {f.name: tuple(stored.get(f.name, ())) for f in fields(Vocabulary) if f.name != "rows"}
    return Vocabulary(rows=rows, **others)


def layout(conditioning: Conditioning, prior: Prior, vocabulary: Vocabulary) -> Condition:
    """Return the layout of what a generator is asked for, given what the data know."""
    return Condition(
        labels=len(vocabulary.labels) if conditioning.condition == "labels" else 0,
        attributes=vocabulary.attributes if conditioning.condition == "attributes" else (),
        categorical=(prior.categories,) * prior.categorical_codes,
        continuous=prior.continuous_codes,
        view=vocabulary.view,
    )
