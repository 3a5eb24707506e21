"""Adversarial losses: what either player pays for the scores of real samples and fakes.

A loss is a frozen dataclass with `discriminator(real, fake)` and `generator(real, fake)`. It may say two facts
of itself: `has_targets`, its discriminator's cost also takes targets for real and fake; `relative`, its generator's
cost depends on the real scores too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

from gansmith import objectives
from gansmith.settings import Kind, Weight

if TYPE_CHECKING:
    from torch import Tensor

    Target = Tensor | float


class Loss(Protocol):
    """What either player pays."""

    def discriminator(self, real: Tensor, fake: Tensor, /) -> Tensor:
        """Return the discriminator's cost of the scores (N,) of real samples and fakes."""
        ...

    def generator(self, real: Tensor, fake: Tensor, /) -> Tensor:
        """Return the generator's."""
        ...


@dataclass(frozen=True)
class Minimax:
    """−E log D(x) − E log(1 − D(G(z))), and minus that. Goodfellow et al. 2014, arXiv 1406.2661."""

    has_targets: ClassVar[bool] = True

    def discriminator(self, real: Tensor, fake: Tensor, *targets: Target) -> Tensor:
        return objectives.losses.logistic_discriminator(real, fake, *targets)

    def generator(self, real: Tensor, fake: Tensor) -> Tensor:
        return objectives.losses.minimax_generator(real, fake)


@dataclass(frozen=True)
class NonSaturating:
    """The generator maximises log D(G(z)). Goodfellow et al. 2014, arXiv 1406.2661, section 3."""

    has_targets: ClassVar[bool] = True

    def discriminator(self, real: Tensor, fake: Tensor, *targets: Target) -> Tensor:
        return objectives.losses.logistic_discriminator(real, fake, *targets)

    def generator(self, real: Tensor, fake: Tensor) -> Tensor:
        return objectives.losses.nonsaturating_generator(real, fake)


@dataclass(frozen=True)
class LeastSquares:
    """½ E(D(x) − 1)² + ½ E D(G(z))². Mao et al. 2017, arXiv 1611.04076."""

    has_targets: ClassVar[bool] = True

    def discriminator(self, real: Tensor, fake: Tensor, *targets: Target) -> Tensor:
        return objectives.losses.least_squares_discriminator(real, fake, *targets)

    def generator(self, real: Tensor, fake: Tensor) -> Tensor:
        return objectives.losses.least_squares_generator(real, fake)


@dataclass(frozen=True)
class Wasserstein:
    """E D(G(z)) − E D(x). Arjovsky, Chintala, Bottou 2017, arXiv 1701.07875."""

    def discriminator(self, real: Tensor, fake: Tensor) -> Tensor:
        return objectives.losses.wasserstein_discriminator(real, fake)

    def generator(self, real: Tensor, fake: Tensor) -> Tensor:
        return objectives.losses.wasserstein_generator(real, fake)


@dataclass(frozen=True)
class Hinge:
    """E max(0, 1 − D(x)) + E max(0, 1 + D(G(z))). Lim, Ye 2017, arXiv 1705.02894."""

    def discriminator(self, real: Tensor, fake: Tensor) -> Tensor:
        return objectives.losses.hinge_discriminator(real, fake)

    def generator(self, real: Tensor, fake: Tensor) -> Tensor:
        return objectives.losses.wasserstein_generator(real, fake)


@dataclass(frozen=True)
class Margin:
    """A margin on f = 2D − 1 with flipped labels, fake = 1 and real = 0. After Lim, Ye 2017, arXiv 1705.02894."""

    def discriminator(self, real: Tensor, fake: Tensor) -> Tensor:
        return objectives.losses.margin_discriminator(real, fake)

    def generator(self, real: Tensor, fake: Tensor) -> Tensor:
        return objectives.losses.margin_generator(real, fake)


@dataclass(frozen=True)
class EBGAN:
    """E E(x) + E max(0, m − E(G(z))), energy E = −score. Zhao, Mathieu, LeCun 2017, arXiv 1609.03126."""

    margin: Weight = 1.0
    """Energy margin m."""

    def discriminator(self, real: Tensor, fake: Tensor) -> Tensor:
        return objectives.losses.energy_discriminator(real, fake, self.margin)

    def generator(self, real: Tensor, fake: Tensor) -> Tensor:
        return objectives.losses.wasserstein_generator(real, fake)


@dataclass(frozen=True)
class Relativistic:
    """E log(1 + e^−(D(x) − D(G(z)))), paired. Jolicoeur-Martineau 2018, arXiv 1807.00734."""

    relative: ClassVar[bool] = True

    def discriminator(self, real: Tensor, fake: Tensor) -> Tensor:
        return objectives.losses.relativistic_discriminator(real, fake)

    def generator(self, real: Tensor, fake: Tensor) -> Tensor:
        return objectives.losses.relativistic_generator(real, fake)


@dataclass(frozen=True)
class RelativisticAverage:
    """Each side against the other's mean score. Jolicoeur-Martineau 2018, arXiv 1807.00734, section 4."""

    relative: ClassVar[bool] = True

    def discriminator(self, real: Tensor, fake: Tensor) -> Tensor:
        return objectives.losses.relativistic_average_discriminator(real, fake)

    def generator(self, real: Tensor, fake: Tensor) -> Tensor:
        return objectives.losses.relativistic_average_generator(real, fake)


LOSSES = Kind(
    "loss",
    "discriminator",
    {
        "minimax": Minimax,
        "nonsaturating": NonSaturating,
        "least-squares": LeastSquares,
        "wasserstein": Wasserstein,
        "hinge": Hinge,
        "margin": Margin,
        "ebgan": EBGAN,
        "relativistic": Relativistic,
        "relativistic-average": RelativisticAverage,
    },
)
