"""What somebody asks a generator for, as conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from gansmith.conditions import Condition
from gansmith.data.dataset import randomness
from gansmith.errors import GansmithError, unknown
from gansmith.records.run_folder import Facts


@dataclass(frozen=True)
class ConditionRequest:
    """Labels, attributes and codes that samples shall have; see `TrainedGAN.sample`."""

    labels: Sequence[int | str] | None = None
    attributes: Mapping[str, float] | None = None
    codes: Mapping[int, float] | None = None

    def condition(self, facts: Facts, condition: Condition, count: int, seed: int) -> Tensor | None:
        """Return (count, size), what is left open drawn from the seed; None if the generator takes no conditions.

        Raises:
            GansmithError: for something that the generator cannot be asked for.
        """
        self._check(condition, facts.recipe.name)
        if not condition.size:
            return None
        rng = randomness(seed, "wishes", 0)
        labels = self._labels(facts.label_names, count) if condition.labels else None
        attributes = self._attributes(facts, count, rng) if condition.attributes else None
        return condition.join(labels, attributes, self._codes(condition, count, rng))

    def _check(self, condition: Condition, recipe: str) -> None:
        asked = {"labels": self.labels, "attributes": self.attributes, "codes": self.codes}
        known = {"labels": condition.labels, "attributes": condition.attributes, "codes": condition.codes}
        for what, value in asked.items():
            if value is not None and not known[what]:
                raise GansmithError(f"{what} cannot be asked for: this {recipe} was trained without")

    def _labels(self, names: list[str], count: int) -> Tensor:
        wanted = list(range(len(names))) if self.labels is None else [_label(word, names) for word in self.labels]
        if not wanted:
            raise GansmithError("labels: name one at least")
        return torch.tensor(wanted).repeat(-(-count // len(wanted)))[:count]

    def _attributes(self, facts: Facts, count: int, rng: torch.Generator) -> Tensor:
        rows = torch.tensor(facts.attribute_rows)
        values = rows[torch.randint(len(rows), (count,), generator=rng)]
        for name, value in (self.attributes or {}).items():
            if name not in facts.attribute_names:
                raise unknown("attribute", name, facts.attribute_names)
            if not 0 <= value <= 1:
                raise GansmithError(f"attribute {name} = {value:g} must be in [0, 1]")
            values[:, facts.attribute_names.index(name)] = value
        return values

    def _codes(self, condition: Condition, count: int, rng: torch.Generator) -> Tensor:
        codes = condition.draw_codes(count, rng)
        ends = [sum(condition.categorical[: i + 1]) for i in range(len(condition.categorical))]
        for number, value in (self.codes or {}).items():
            discrete = len(condition.categorical)
            if not 0 <= number < discrete + condition.continuous:
                raise GansmithError(f"code {number}: there are codes 0 to {discrete + condition.continuous - 1}")
            if number >= discrete:
                if not -1 <= value <= 1:
                    raise GansmithError(f"code {number} = {value:g} is continuous and must be in [-1, 1]")
                codes[:, sum(condition.categorical) + number - discrete] = value
                continue
            categories = condition.categorical[number]
            if value != int(value) or not 0 <= value < categories:
                raise GansmithError(f"code {number} = {value:g} is a category and must be one of 0 to {categories - 1}")
            codes[:, ends[number] - categories : ends[number]] = 0
            codes[:, ends[number] - categories + int(value)] = 1
        return codes


def _label(word: int | str, names: list[str]) -> int:
    """Return the number of a class, given by name or number; a name wins."""
    text = str(word)
    if text in names:
        return names.index(text)
    if text.isdigit() and int(text) < len(names):
        return int(text)
    raise unknown("label", text, names)
