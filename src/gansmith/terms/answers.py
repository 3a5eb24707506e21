"""What a generator pays for answers that are not the sample of which it was shown something."""

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
class Answer:
    """λ E (x − G(z, y))², the mean over a sample's numbers; y is what the generator is shown of x.

    Alone, it is least at the mean of all answers that y leaves open. Pathak et al. 2016, arXiv 1604.07379, equation 1.
    """

    weight: Weight = 1.0
    """λ, weight of the mean squared error of answers in the generator's cost."""
    needs: ClassVar[Needs] = Needs(seen=True)

    @property
    def costs(self) -> Mapping[str, Cost]:
        return {"generator": self.generator}

    def generator(self, batch: Round) -> Tensor:
        error = objectives.reconstruction.mean_squared_error(batch.x.detach(), batch.fake)
        batch.note("answer/error", error)
        return self.weight * error
