"""What a generator can be asked for, in words: names of labels and attributes, and how often each of them occurs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from gansmith.conditions import Condition
from gansmith.errors import unknown

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from gansmith.data.dataset import Dataset
    from gansmith.generators.prior import Prior
    from gansmith.networks.options import Conditioning

ROWS = 256  # samples whose attributes are kept
SHOWN = 4  # names in a line


@dataclass(frozen=True)
class Vocabulary:
    """The data's labels and attributes by name.

    Attributes:
        labels: names of the classes.
        shares: how often each of them occurs, summing to 1; empty where it is not known.
        attributes: names of the attributes.
        rows: the attributes of some samples, to ask for what occurs.
    """

    labels: tuple[str, ...] = ()
    shares: tuple[float, ...] = ()
    attributes: tuple[str, ...] = ()
    rows: tuple[tuple[float, ...], ...] = ()

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


def vocabulary_of(dataset: Dataset, seed: int, with_attributes: bool) -> Vocabulary:
    """Return the words of a data set.

    Args:
        seed: of the order in which samples are looked at for their attributes.
        with_attributes: look at them.
    """
    import torch

    rows: tuple[tuple[float, ...], ...] = ()
    if with_attributes:
        some = next(dataset.batches(ROWS, seed, 0, torch.device("cpu"))).attributes
        rows = () if some is None else tuple(tuple(round(v, 3) for v in row) for row in some.tolist())
    shares = () if dataset.frequencies is None else tuple(round(v, 6) for v in dataset.frequencies.tolist())
    return Vocabulary(tuple(dataset.label_names), shares, tuple(dataset.attribute_names), rows)


def vocabulary_from(stored: Mapping[str, Sequence[Any]]) -> Vocabulary:
    """Rebuild a vocabulary from `to_json`'s values."""
    rows = tuple(tuple(row) for row in stored.get("rows", ()))
    return Vocabulary(
        tuple(stored.get("labels", ())), tuple(stored.get("shares", ())), tuple(stored.get("attributes", ())), rows
    )


def layout(conditioning: Conditioning, prior: Prior, vocabulary: Vocabulary) -> Condition:
    """Return the layout of what a generator is asked for, given what the data know."""
    return Condition(
        labels=len(vocabulary.labels) if conditioning.condition == "labels" else 0,
        attributes=vocabulary.attributes if conditioning.condition == "attributes" else (),
        categorical=(prior.categories,) * prior.categorical_codes,
        continuous=prior.continuous_codes,
    )
