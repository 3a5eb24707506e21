"""A term of your own: total variation, so that pictures are smooth. In the folder of this file:

gansmith train dcgan --term own_term:Smoothness --smoothness 0.01
"""

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

from gansmith.games.round import Round
from gansmith.games.term import Cost


@dataclass(frozen=True)
class Smoothness:
    """λ E|∇x|, the total variation of the fakes, in the generator's cost."""

    weight: float = 0.01
    """λ."""

    @property
    def costs(self) -> Mapping[str, Cost]:
        return {"generator": lambda batch: self.weight * variation(batch)}


def variation(batch: Round) -> Tensor:
    """Return how far neighbouring pixels of the fakes are apart, on average."""
    return batch.fake.diff(dim=-1).abs().mean() + batch.fake.diff(dim=-2).abs().mean()
