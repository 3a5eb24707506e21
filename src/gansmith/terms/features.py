"""Terms on the discriminator's features: fakes that do not crowd, and fakes with the data's features on average."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from gansmith import objectives
from gansmith.games.term import Needs
from gansmith.settings import Weight

if TYPE_CHECKING:
    from torch import Tensor

    from gansmith.games.round import Round
    from gansmith.games.term import Cost


@dataclass(frozen=True)
class PullAway:
    """λ times the mean squared cosine between the fakes' features. Zhao, Mathieu, LeCun 2017, arXiv 1609.03126."""

    weight: Weight = 0.1
    """λ, weight of EBGAN's pull-away term in the generator's cost."""
    needs: ClassVar[Needs] = Needs(features=True, pairs=True)

    @property
    def costs(self) -> Mapping[str, Cost]:
        return {"generator": self.generator}

    def generator(self, batch: Round) -> Tensor:
        return self.weight * objectives.penalties.pull_away(batch.features("fake"))


@dataclass(frozen=True)
class FeatureMatching:
    """λ times the distance of the features' moments, for the generator. Salimans et al. 2016, arXiv 1606.03498."""

    weight: Weight = 1.0
    """λ, weight of matching the mean of the discriminator's features in the generator's cost."""
    covariance: Weight = 0.0
    """Weight of their covariance within it (Mroueh, Sercu, Goel 2017, arXiv 1702.08398)."""
    needs: ClassVar[Needs] = Needs(features=True)

    @property
    def costs(self) -> Mapping[str, Cost]:
        return {"generator": self.generator}

    def generator(self, batch: Round) -> Tensor:
        real, fake = batch.features("real").detach(), batch.features("fake")
        return self.weight * objectives.matching.feature_matching(real, fake, self.covariance)
