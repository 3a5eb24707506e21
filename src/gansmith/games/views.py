"""What the discriminator sees samples through: noise that fades, and random but differentiable changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from torch import Tensor

from gansmith.games.round import Round
from gansmith.objectives.augmentation import diff_augment, instance_noise


@dataclass(frozen=True)
class InstanceNoise:
    """Gaussian noise on real samples and fakes alike, whose deviation falls linearly to 0 over the first moves.

    Args:
        deviation: at the start.
        moves: of the discriminator, after which there is no noise.

    Sønderby et al. 2017, arXiv 1610.04490; Arjovsky, Bottou 2017, arXiv 1701.04862.
    """

    deviation: float
    moves: int

    def __call__(self, x: Tensor, round: Round, which: str) -> Tensor:
        left = 1 - round.players["discriminator"].moves / self.moves
        return instance_noise(x, self.deviation * left, _draws(round, which)) if left > 0 else x


@dataclass(frozen=True)
class DiffAugment:
    """Random colour, place and holes, on real samples and fakes alike, with gradients that pass through.

    Zhao et al. 2020, "Differentiable augmentation for data-efficient GAN training", arXiv 2006.10738.
    """

    policy: str

    def __call__(self, x: Tensor, round: Round, which: str) -> Tensor:
        return diff_augment(x, self.policy, _draws(round, which))


class _draws:  # noqa: N801 - a function that remembers whose draws these are
    def __init__(self, round: Round, which: str) -> None:
        self.round = round
        self.which = which

    def __call__(self, name: str, kind: Literal["uniform", "normal"], shape: tuple[int, ...]) -> Tensor:
        draw = self.round.uniform if kind == "uniform" else self.round.normal
        return draw(f"{self.which} {name}", shape)
