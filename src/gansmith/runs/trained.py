"""A trained GAN, ready to sample from."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from torch import Tensor, nn

from gansmith.conditions import Condition
from gansmith.data.dataset import randomness
from gansmith.errors import GansmithError
from gansmith.networks import build_generator
from gansmith.numerics import settle_vector_mathematics
from gansmith.recipes.composition import Recipe
from gansmith.records.run_folder import Facts, RunFolder
from gansmith.runs.request import ConditionRequest
from gansmith.training.assemble import layout_of
from gansmith.training.device import find_device
from gansmith.training.showing import generate


@dataclass(frozen=True)
class TrainedGAN:
    """The generator of a run.

    Attributes:
        run: its folder.
        facts: what the run is: its recipe, the shape of a sample, the names of labels and attributes.
        generator: the network, in evaluation mode; the averaged one if the run kept an average.
        step: training steps behind it.
    """

    run: Path
    facts: Facts
    generator: nn.Module
    step: int

    @property
    def recipe(self) -> Recipe:
        """What it was trained with."""
        return self.facts.recipe

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one sample, (D,) or (C, H, W)."""
        return self.facts.shape

    @property
    def condition(self) -> Condition:
        """What the generator can be asked for."""
        return layout_of(self.recipe, self.facts.label_names, self.facts.attribute_names)

    def sample(
        self,
        count: int,
        seed: int = 0,
        truncation: float = 1.0,
        labels: Sequence[int | str] | None = None,
        attributes: Mapping[str, float] | None = None,
        codes: Mapping[int, float] | None = None,
    ) -> Tensor:
        """Return samples (count, *shape), images in [−1, 1]; the same seed and request give the same samples.

        Args:
            truncation: below 1 trades variety for typicality, see `Prior.draw`.
            labels: names or numbers of classes, repeated until there are `count`; by default all in turn.
            attributes: values in [0, 1] by name; the others are those of some real sample.
            codes: values by number, categories first, continuous ones in [−1, 1] after them; the others are drawn.
        """
        if count < 1:
            raise GansmithError(f"count = {count} must be at least 1")
        if not 0 < truncation <= 1:
            raise GansmithError(f"truncation = {truncation:g} must be in (0, 1]")
        device = next(self.generator.parameters()).device
        z = self.recipe.prior.draw(count, randomness(seed, "sample", 0), truncation).to(device)
        c = ConditionRequest(labels, attributes, codes).condition(self.facts, self.condition, count, seed)
        return generate(self.generator, z, None if c is None else c.to(device)).cpu()


def load(
    run: str | Path,
    networks: tuple[nn.Module, nn.Module] | nn.Module | None = None,
    device: str = "cpu",
    generator: Literal["last", "best"] = "last",
    trust: bool = False,
) -> TrainedGAN:
    """Return the trained GAN of a run folder.

    Args:
        run: run folder.
        networks: needed if the run was trained with networks of your own: the generator, or the pair.
        device: where to put it.
        generator: the one of the last checkpoint, or the best one by the run's metric (`best_by`).
        trust: import code of a user's own that the run's config names.

    Raises:
        GansmithError: if the folder holds no run, or one whose generator does not fit.
    """
    settle_vector_mathematics()
    folder = RunFolder(Path(run))
    facts = folder.read(trust)
    if networks is None and facts.own_networks:
        raise GansmithError(f"{run} was trained with networks of your own: pass the generator as networks=")
    if networks is None:
        recipe, shape = facts.recipe, facts.shape
        condition = layout_of(recipe, facts.label_names, facts.attribute_names)
        module = build_generator(recipe.family(shape), recipe.prior.latent, shape, condition, recipe.conditioning)
    else:
        own_generator = networks if isinstance(networks, nn.Module) else networks[0]
        module = copy.deepcopy(own_generator)  # the caller's own may be trained on
    step = folder.load_generator(module, generator)
    module = module.to(find_device(device)).eval()
    for parameter in module.parameters():
        parameter.requires_grad_(False)
    return TrainedGAN(folder.path, facts, module, step)
