"""A trained GAN, ready to sample from."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from torch import Tensor, nn

from gansmith.config import Recipe
from gansmith.data.dataset import randomness
from gansmith.errors import GansmithError
from gansmith.networks import build_generator
from gansmith.training.device import find_device
from gansmith.training.rounds import draw_noise
from gansmith.training.run_folder import RunFolder
from gansmith.training.watchers import generate


@dataclass(frozen=True)
class TrainedGAN:
    """The generator of a run.

    Attributes:
        run: its folder.
        recipe: what it was trained with.
        shape: of one sample, (D,) or (C, H, W).
        generator: the network, in evaluation mode; the averaged one if the run kept an average.
        step: training steps behind it.
    """

    run: Path
    recipe: Recipe
    shape: tuple[int, ...]
    generator: nn.Module
    step: int

    def sample(self, count: int, seed: int = 0, truncation: float = 1.0) -> Tensor:
        """Return samples (count, *shape), images in [−1, 1]; the same seed gives the same samples.

        Args:
            truncation: below 1 trades variety for typicality, see `draw_noise`.
        """
        if count < 1:
            raise GansmithError(f"count = {count} must be at least 1")
        if not 0 < truncation <= 1:
            raise GansmithError(f"truncation = {truncation:g} must be in (0, 1]")
        device = next(self.generator.parameters()).device
        z = draw_noise(self.recipe.networks, count, randomness(seed, "sample", 0), truncation).to(device)
        return generate(self.generator, z).cpu()


def load(
    run: str | Path,
    networks: tuple[nn.Module, nn.Module] | nn.Module | None = None,
    device: str = "cpu",
    generator: Literal["last", "best"] = "last",
) -> TrainedGAN:
    """Return the trained GAN of a run folder.

    Args:
        run: run folder.
        networks: needed if the run was trained with networks of your own: the generator, or the pair.
        device: where to put it.
        generator: the one of the last checkpoint, or the best one by the run's metric (`best_by`).

    Raises:
        GansmithError: if the folder holds no run, or one whose generator does not fit.
    """
    folder = RunFolder(Path(run))
    recipe, shape, own = folder.read()
    if networks is None and own:
        raise GansmithError(f"{run} was trained with networks of your own: pass the generator as networks=")
    if networks is None:
        module = build_generator(recipe.networks, shape)
    else:
        own_generator = networks if isinstance(networks, nn.Module) else networks[0]
        module = copy.deepcopy(own_generator)  # the caller's own may be trained on
    step = folder.load_generator(module, generator)
    module = module.to(find_device(device)).eval()
    for parameter in module.parameters():
        parameter.requires_grad_(False)
    return TrainedGAN(folder.path, recipe, shape, module, step)
