"""What discriminators see samples through: noise that fades, and random but differentiable changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from gansmith import objectives
from gansmith.settings import Kind, Positive, Weight, Words

if TYPE_CHECKING:
    from torch import Tensor

    from gansmith.games.round import Round


@dataclass(frozen=True)
class InstanceNoise:
    """Gaussian noise on real samples and fakes alike, whose deviation falls linearly to 0.

    Sønderby et al. 2017, arXiv 1610.04490; Arjovsky, Bottou 2017, arXiv 1701.04862.
    """

    deviation: Weight = 0.1
    """Standard deviation of the noise on all that discriminators see, at the start."""
    until: Positive = 1.0
    """Fraction of the run at which the noise has gone."""

    @property
    def changing(self) -> str:
        """What makes one step another than the next."""
        return f"instance_noise = {self.deviation:g}"

    def apply(self, x: Tensor, batch: Round, kind: str) -> Tensor:
        leader = next(iter(batch.game.players))
        left = 1 - batch.moves(leader) / max(1, round(batch.game.horizon * self.until))
        return objectives.augmentation.instance_noise(x, self.deviation * left, _draws(batch, kind)) if left > 0 else x


@dataclass(frozen=True)
class DiffAugment:
    """Random colour, place and holes, on real samples and fakes alike, with gradients that pass through.

    Zhao et al. 2020, "Differentiable augmentation for data-efficient GAN training", arXiv 2006.10738.
    """

    policy: Annotated[str, Words("color", "translation", "cutout")] = "color,translation,cutout"
    """What is changed, with commas between."""
    needs_images: ClassVar[bool] = True

    def apply(self, x: Tensor, batch: Round, kind: str) -> Tensor:
        return objectives.augmentation.diff_augment(x, self.policy, _draws(batch, kind))


def _draws(batch: Round, kind: str) -> Callable[[str, str, tuple[int, ...]], Tensor]:
    """Return the draws of a round by names that tell whose they are."""

    def draw(name: str, distribution: str, shape: tuple[int, ...]) -> Tensor:
        return (batch.uniform if distribution == "uniform" else batch.normal)(f"{kind} {name}", shape)

    return draw


AUGMENTATIONS = Kind("augmentation", "apply", {"instance_noise": InstanceNoise, "diff_augment": DiffAugment})
