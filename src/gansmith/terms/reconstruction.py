"""A third player: an encoder, from whose latents the generator makes the data again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from gansmith import objectives
from gansmith.settings import Weight

if TYPE_CHECKING:
    from torch import Tensor

    from gansmith.games.round import Round
    from gansmith.games.term import Cost, Networks, Site


def _reconstruct(batch: Round) -> Tensor:
    """Return G(E(x)), or G(E(x), c)."""
    return batch.generate(batch.once("encoded", lambda: batch.run("encoder", batch.x)))


@dataclass(frozen=True)
class Reconstruction:
    """λ E‖x − G(E(x))‖², for the encoder E, whom this term brings, and for the generator.

    The squared error of an autoencoder whose decoder is the generator. Larsen et al. 2016, arXiv 1512.09300, and others
    after them measure it elsewhere than in the numbers of a sample.
    """

    weight: Weight = 1.0
    """λ, weight of the squared error of reconstructions in the encoder's cost."""
    generator_share: Weight = 1.0
    """Fraction of it in the generator's cost; 0 leaves the generator to the discriminator alone."""
    samples: ClassVar[Mapping[str, Callable[[Round], Tensor]]] = {"reconstruction": _reconstruct}

    @property
    def costs(self) -> Mapping[str, Cost]:
        costs: dict[str, Cost] = {"encoder": self.encoder}
        return costs | {"generator": self.generator} if self.generator_share else costs

    def networks(self, site: Site) -> Networks:
        """Return the encoder, a player of its own."""
        return {"encoder": ("encoder", site.encoder(site.latent))}

    def encoder(self, batch: Round) -> Tensor:
        error = objectives.reconstruction.squared_error(batch.x.detach(), batch.sample("reconstruction"))
        batch.note("reconstruction/error", error)
        return self.weight * error

    def generator(self, batch: Round) -> Tensor:
        return self.generator_share * self.encoder(batch)
