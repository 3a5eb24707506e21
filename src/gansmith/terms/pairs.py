"""An adversary that sees pairs: a sample and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from gansmith.games.term import Needs
from gansmith.settings import Component
from gansmith.terms.losses import LOSSES, NonSaturating
from gansmith.terms.reconstruction import RECONSTRUCTED, latents_of

if TYPE_CHECKING:
    from torch import Tensor

    from gansmith.games.round import Round
    from gansmith.games.term import Cost, Networks, Site


@dataclass(frozen=True)
class Bidirectional:
    """The discriminator tells (x, E(x)) from (G(z), z), and encoder and generator are to make it err.

    Its cost is the loss's on the scores D(x, E(x)) and D(G(z), z); that of the generator, and of the encoder whom this
    term brings, the generator's on both: the encoder's pairs are to pass for fakes as the generator's for real ones.
    Where nothing can be told, E inverts G; nobody measures how far G(E(x)) is from x.

    Donahue, Krähenbühl, Darrell 2017, "Adversarial feature learning", arXiv 1605.09782; Dumoulin et al. 2017,
    "Adversarially learned inference", arXiv 1606.00704, with an encoder that draws (`posterior`).
    """

    loss: Annotated[Component, LOSSES] = NonSaturating()
    """What they pay."""
    needs: ClassVar[Needs] = Needs(features=True, single=True)
    samples = RECONSTRUCTED

    @property
    def costs(self) -> Mapping[str, Cost]:
        return {"discriminator": self.discriminator, "encoder": self.encoder, "generator": self.generator}

    def networks(self, site: Site) -> Networks:
        """Return the encoder, a player of its own, and what scores pairs, which moves with the discriminator."""
        pairs = {"pairs": ("discriminator", site.pairs(site.latent))}
        return pairs if "encoder" in site.networks else {"encoder": ("encoder", site.encoder(site.latent)), **pairs}

    def discriminator(self, batch: Round) -> Tensor:
        real, fake = self._real(batch), self._fake(batch)
        batch.note("score/real", real)
        batch.note("score/fake", fake)
        cost: Tensor = self.loss.discriminator(real, fake)
        return cost

    def encoder(self, batch: Round) -> Tensor:
        real = self._real(batch)
        fake = self._fake(batch) if getattr(self.loss, "relative", False) else real.new_zeros(0)
        cost: Tensor = self.loss.generator(-fake, -real)
        return cost

    def generator(self, batch: Round) -> Tensor:
        fake = self._fake(batch)
        real = self._real(batch) if getattr(self.loss, "relative", False) else fake.new_zeros(0)
        cost: Tensor = self.loss.generator(real, fake)
        return cost

    def _real(self, batch: Round) -> Tensor:
        def score() -> Tensor:
            found: Tensor = batch.run("pairs", batch.features("real"), latents_of(batch))
            return found

        return batch.once("real pairs", score)  # type: ignore[no-any-return]

    def _fake(self, batch: Round) -> Tensor:
        return batch.once("fake pairs", lambda: batch.run("pairs", batch.features("fake"), batch.z))  # type: ignore[no-any-return]
