"""A trained generator, without its training: what it makes samples from, what it can be asked for, and its weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from gansmith.conditions import Condition
from gansmith.data.dataset import randomness
from gansmith.errors import GansmithError
from gansmith.generators.prior import Prior
from gansmith.generators.request import ConditionRequest
from gansmith.generators.vocabulary import Vocabulary
from gansmith.networks.options import Conditioning

BLOCK = 64  # samples whose noise is drawn at once: noise i is the same however many are asked for
PIECE = 256  # samples that are made at once


class Latents(NamedTuple):
    """What samples are made from."""

    z: Tensor
    """(N, latent) noise."""
    c: Tensor | None
    """(N, size) conditions, if the generator takes any."""


@dataclass(frozen=True)
class TrainedGenerator:
    """A generator in evaluation mode, and all that is needed to draw samples from it.

    Attributes:
        generator: the network; maps z, and c where there are conditions, to samples.
        shape: of one sample, (D,) or (C, H, W).
        prior: what z is drawn from.
        conditioning: what it is asked for, and how it takes that in.
        vocabulary: the words it can be asked with, and how often the data have them.
        made_by: the run that trained it: its recipe, its step, its data, as plain values.
        run: the folder of that run, if it was loaded from there.
        file: where it was loaded from, if anywhere.
    """

    generator: nn.Module
    shape: tuple[int, ...]
    prior: Prior = Prior()
    conditioning: Conditioning = Conditioning()
    vocabulary: Vocabulary = Vocabulary()
    made_by: Mapping[str, Any] = field(default_factory=dict)
    run: Path | None = None
    file: Path | None = None

    @cached_property
    def condition(self) -> Condition:
        """The layout of what it can be asked for."""
        return layout(self.conditioning, self.prior, self.vocabulary)

    @property
    def name(self) -> str:
        """What it is called: like the run's folder, its file, or the recipe that made it."""
        if self.run or self.file:
            return self.run.name if self.run else str(self.file and self.file.stem)
        return self.recipe

    @property
    def recipe(self) -> str:
        """The recipe that made it."""
        return str(self.made_by.get("name", "generator"))

    @property
    def step(self) -> int:
        """Training steps behind it."""
        return int(self.made_by.get("step", 0))

    def sample(
        self,
        count: int,
        seed: int = 0,
        truncation: float = 1.0,
        labels: Sequence[int | str] | None = None,
        attributes: Mapping[str, float] | None = None,
        codes: Mapping[int, float] | None = None,
    ) -> Tensor:
        """Return samples (count, *shape), images in [−1, 1].

        Sample i depends on the seed and what it is asked for, not on how many others are drawn with it.

        Args:
            truncation: below 1 trades variety for typicality, see `Prior.draw`.
            labels: names of classes, repeated until there are `count`; by default as often as the data have them.
            attributes: values in [0, 1] by name; the others are those of some real sample.
            codes: values by number, categories first, continuous ones in [−1, 1] after them; the others are drawn.
        """
        latents = self.latents(count, seed, truncation, ConditionRequest(labels, attributes, codes))
        return torch.cat(list(self.make(latents)))

    def latents(
        self, count: int, seed: int = 0, truncation: float = 1.0, request: ConditionRequest | None = None
    ) -> Latents:
        """Return what `count` samples are made from, on the CPU."""
        if count < 1:
            raise GansmithError(f"count = {count} must be at least 1")
        if not 0 < truncation <= 1:
            raise GansmithError(f"truncation = {truncation:g} must be in (0, 1]")
        request = request or ConditionRequest()
        request.check(self.condition, self.vocabulary, self.recipe)
        blocks = range(0, count, BLOCK)
        z = [self.prior.draw(BLOCK, randomness(seed, "sample", first // BLOCK), truncation) for first in blocks]
        if not self.condition.size:
            return Latents(torch.cat(z)[:count], None)
        c = [
            request.conditions(self.condition, self.vocabulary, first, BLOCK, randomness(seed, "conditions", first))
            for first in blocks
        ]
        return Latents(torch.cat(z)[:count], torch.cat(c)[:count])

    @torch.no_grad()
    def make(self, latents: Latents, piece: int = PIECE) -> Iterator[Tensor]:
        """Yield samples on the CPU, a piece at a time, in evaluation mode; the network's mode stays as it was."""
        parameter = next(self.generator.parameters(), latents.z)
        parts = [torch.split(part.to(parameter.device), piece) for part in latents if part is not None]
        was_training = self.generator.training
        self.generator.eval()
        try:
            for inputs in zip(*parts, strict=True):
                yield self.generator(*inputs).cpu()
        finally:
            self.generator.train(was_training)

    def labels_of(self, latents: Latents) -> list[str] | None:
        """Return the names of the labels that samples were asked for; None where there are none."""
        if latents.c is None or not self.condition.labels:
            return None
        return [self.vocabulary.labels[i] for i in self.condition.split(latents.c).labels.argmax(dim=1).tolist()]


def layout(conditioning: Conditioning, prior: Prior, vocabulary: Vocabulary) -> Condition:
    """Return the layout of what a generator is asked for, given what the data know."""
    return Condition(
        labels=len(vocabulary.labels) if conditioning.condition == "labels" else 0,
        attributes=vocabulary.attributes if conditioning.condition == "attributes" else (),
        categorical=(prior.categories,) * prior.categorical_codes,
        continuous=prior.continuous_codes,
    )
