"""A second discriminator that sees samples through a network which has learnt to read the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from gansmith import objectives
from gansmith.games.term import Needs
from gansmith.settings import Weight

if TYPE_CHECKING:
    from torch import Tensor

    from gansmith.games.round import Round
    from gansmith.games.term import Cost, Networks, Site

KINDS = ("real", "fake")


@dataclass(frozen=True)
class Projected:
    """λ times the adversarial loss of C(f(x)), where f has learnt to read labels and attributes off the data.

    f, frozen, are the last hidden units of a convolutional network that was trained on labelled samples before the
    first step; C is two hidden layers on them, and moves with the discriminator, whose cost has λ γ/2 (E‖∇C‖² at f(x) +
    E‖∇C‖² at f(G(z))) besides. What f sees, a generator learns sooner: that eyes have glasses, from where light comes.

    Sauer, Chitta, Müller, Geiger 2021, "Projected GANs converge faster", arXiv 2111.01007, whose f has learnt ImageNet.
    """

    weight: Weight = 1.0
    """λ, weight of a second discriminator on the features of a network that has learnt the data's labels and
    attributes."""
    penalty: Weight = 1.0
    """γ, weight of (γ/2) E‖∇C‖² with regard to these features, on real samples and fakes."""

    needs: ClassVar[Needs] = Needs(knowledge=True)

    @property
    def costs(self) -> Mapping[str, Cost]:
        return {"discriminator": self.discriminator, "generator": self.generator}

    def networks(self, site: Site) -> Networks:
        """Return f and C as one network, which moves with the discriminator."""
        return {"projected": ("discriminator", site.projected())}

    def discriminator(self, batch: Round) -> Tensor:
        total: Tensor = self._loss(batch).discriminator(*(batch.scores(kind, "projected") for kind in KINDS))
        if self.penalty:
            slopes = [self._slope(batch, kind) for kind in KINDS]
            total = total + self.penalty * (slopes[0] + slopes[1])
        return self.weight * total

    def generator(self, batch: Round) -> Tensor:
        total: Tensor = self._loss(batch).generator(*(batch.scores(kind, "projected") for kind in KINDS))
        return self.weight * total

    def _slope(self, batch: Round, kind: str) -> Tensor:
        """Return ½ E‖∇C‖² at the features of samples of a kind."""
        return objectives.penalties.zero_centred(batch.scores(kind, "projected"), batch.features(kind, "projected"))

    def _loss(self, batch: Round) -> Any:
        return batch.game.terms["adversarial"].loss
