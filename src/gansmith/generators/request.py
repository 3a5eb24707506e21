"""What somebody asks a generator for, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gansmith.errors import GansmithError

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from gansmith.conditions import Condition
    from gansmith.generators.vocabulary import Vocabulary


@dataclass(frozen=True)
class ConditionRequest:
    """Labels, attributes and codes that samples shall have; what is left open is drawn, see `Vocabulary.draw`.

    Attributes:
        labels: of samples 0, 1, …, by name, again from the first when there are more samples: one, a sequence of them,
            a tensor or an array. What a number stands for tells `Vocabulary.label`.
        attributes: values in [0, 1] by name.
        codes: values by number, categories first, continuous ones in [−1, 1] after them.
    """

    labels: Any = None
    attributes: Mapping[str, float] | None = None
    codes: Mapping[int, float] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", _words(self.labels))
        for what, values in (("attributes", self.attributes), ("codes", self.codes)):
            if values is not None and not isinstance(values, Mapping):
                raise GansmithError(f"{what}: give a dict of values, not a {type(values).__name__}")
            for key, value in (values or {}).items():
                _check_number(f"{what}: the value of {key}", value)

    def __bool__(self) -> bool:
        return any(part is not None for part in (self.labels, self.attributes, self.codes))

    def check(self, condition: Condition, vocabulary: Vocabulary, who: str) -> None:
        """Refuse what the generator cannot be asked for.

        Args:
            who: is asked, for the message.
        """
        asked = {"labels": self.labels, "attributes": self.attributes, "codes": self.codes}
        known = {"labels": condition.labels, "attributes": condition.attributes, "codes": condition.codes}
        for what, wanted in asked.items():
            if wanted is not None and not known[what]:
                raise GansmithError(f"{what} cannot be asked for: this {who} was trained without")
        if self.labels is not None and not len(self.labels):
            raise GansmithError("labels: name one at least")
        for word in self.labels if self.labels is not None else ():
            vocabulary.label(word)
        for name, value in (self.attributes or {}).items():
            vocabulary.attribute(name)
            if not 0 <= value <= 1:
                raise GansmithError(f"attribute {name} = {value:g} must be in [0, 1]")
        for number, code in (self.codes or {}).items():
            _check_code(condition, number, code)

    def conditions(
        self, condition: Condition, vocabulary: Vocabulary, first: int, count: int, rng: torch.Generator
    ) -> Tensor:
        """Return c (N, size) of samples `first` to `first + count`; what is left open is drawn."""
        import torch

        labels, attributes = vocabulary.draw(condition, count, rng)
        codes = condition.draw_codes(count, rng)
        if self.labels is not None:
            wanted = torch.tensor([vocabulary.label(word) for word in self.labels])
            labels = wanted[torch.arange(first, first + count) % len(wanted)]
        for name, value in (self.attributes or {}).items():
            assert attributes is not None
            attributes[:, vocabulary.attribute(name)] = value
        for number, value in (self.codes or {}).items():
            place = condition.code(number)
            codes[:, place] = value if number >= len(condition.categorical) else 0
            if number < len(condition.categorical):
                codes[:, place.start + int(value)] = 1
        return condition.join(labels, attributes, codes, vocabulary.draw_views(condition, count, rng))


def _words(labels: Any) -> list[int | str] | None:
    """Return labels as a list of names and numbers."""
    if labels is None:
        return None
    if hasattr(labels, "tolist"):  # of a tensor or an array
        labels = labels.tolist()
    if isinstance(labels, str | int | float):
        return [labels]  # type: ignore[list-item]
    if not isinstance(labels, Sequence) or isinstance(labels, bytes):
        raise GansmithError(f"labels: give a name or number, or a list of them, not a {type(labels).__name__}")
    words = [word.item() if hasattr(word, "item") and getattr(word, "ndim", 0) == 0 else word for word in labels]
    for word in words:
        if not isinstance(word, str | int | float):
            raise GansmithError(f"labels: one name or number a sample, not a {type(word).__name__}")
    return words


def _check_number(what: str, value: Any) -> None:
    try:
        float(value)
    except (TypeError, ValueError, RuntimeError):
        raise GansmithError(f"{what} is {value!r}, no number") from None


def _check_code(condition: Condition, number: int, value: float) -> None:
    discrete = len(condition.categorical)
    if not isinstance(number, int):
        raise GansmithError(f"code {number!r}: codes are numbered from 0")
    if not 0 <= number < discrete + condition.continuous:
        raise GansmithError(f"code {number}: there are codes 0 to {discrete + condition.continuous - 1}")
    if number >= discrete:
        if not -1 <= value <= 1:
            raise GansmithError(f"code {number} = {value:g} is continuous and must be in [-1, 1]")
        return
    categories = condition.categorical[number]
    if not 0 <= value < categories or value != int(value):
        raise GansmithError(f"code {number} = {value:g} is a category and must be one of 0 to {categories - 1}")
