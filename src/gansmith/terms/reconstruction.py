"""A third player: an encoder, from whose latents the generator makes the data again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from gansmith import objectives
from gansmith.games.term import Needs
from gansmith.settings import Weight

if TYPE_CHECKING:
    from torch import Tensor

    from gansmith.games.round import Round
    from gansmith.games.term import Cost, Networks, Site


def _read(batch: Round) -> Tensor:
    """Return what the encoder says of the real samples."""
    read: Tensor = batch.once("encoded", lambda: batch.run("encoder", batch.x))
    return read


def latents_of(batch: Round) -> Tensor:
    """Return the latents (N, latent) of the real samples.

    They are what the encoder says; or drawn, μ + σ ε, where it says twice as many numbers, μ and log σ².
    """
    read = _read(batch)
    if read.shape[1] == batch.z.shape[1]:
        return read
    mean, log_variance = read.chunk(2, dim=1)
    return mean + (log_variance / 2).exp() * batch.normal("posterior", tuple(mean.shape))


def _reconstruct(batch: Round) -> Tensor:
    """Return G(E(x)), or G(E(x), c)."""
    return batch.generate(latents_of(batch))


RECONSTRUCTED: Mapping[str, Callable[[Round], Tensor]] = {"reconstruction": _reconstruct}


@dataclass(frozen=True)
class Posterior:
    """β E KL(q(z|x) ‖ N(0, 1)), for the encoder, whom this term brings: q = N(μ, σ²), of which latents are drawn.

    With `Reconstruction` it is the variational autoencoder: −E log p(x|z) + KL, p(x|z) = N(G(z), 1/(2λ)).

    Kingma, Welling 2014, "Auto-encoding variational Bayes", arXiv 1312.6114; β of Higgins et al. 2017.
    """

    weight: Weight = 1.0
    """β, weight of the encoder's divergence from the noise, in nats."""
    samples: ClassVar[Mapping[str, Callable[[Round], Tensor]]] = RECONSTRUCTED

    @property
    def costs(self) -> Mapping[str, Cost]:
        return {"encoder": self.encoder}

    def networks(self, site: Site) -> Networks:
        """Return the encoder, a player of its own."""
        return {"encoder": ("encoder", site.encoder(2 * site.latent))}

    def encoder(self, batch: Round) -> Tensor:
        kl = objectives.reconstruction.kl_from_normal(*_read(batch).chunk(2, dim=1))
        batch.note("posterior/kl", kl)
        return self.weight * kl


class _Encoded:
    """An error of reconstructions, which the encoder pays, and the generator a share of it."""

    weight: float
    generator_share: float

    @property
    def costs(self) -> Mapping[str, Cost]:
        costs: dict[str, Cost] = {"encoder": self.encoder}
        return costs | {"generator": self.generator} if self.generator_share else costs

    def networks(self, site: Site) -> Networks:
        """Return the encoder, a player of its own, unless another term has brought it."""
        return {} if "encoder" in site.networks else {"encoder": ("encoder", site.encoder(site.latent))}

    def encoder(self, batch: Round) -> Tensor:
        """Return the error times its weight."""
        raise NotImplementedError

    def generator(self, batch: Round) -> Tensor:
        return self.generator_share * self.encoder(batch)


@dataclass(frozen=True)
class Reconstruction(_Encoded):
    """λ E‖x − G(E(x))‖², for the encoder E, whom this term brings, and for the generator.

    The squared error of an autoencoder whose decoder is the generator.
    """

    weight: Weight = 1.0
    """λ, weight of the squared error of reconstructions in the encoder's cost."""
    generator_share: Weight = 1.0
    """Fraction of it in the generator's cost; 0 leaves the generator to the discriminator alone."""
    samples: ClassVar[Mapping[str, Callable[[Round], Tensor]]] = RECONSTRUCTED

    def encoder(self, batch: Round) -> Tensor:
        error = objectives.reconstruction.squared_error(batch.x.detach(), batch.sample("reconstruction"))
        batch.note("reconstruction/error", error)
        return self.weight * error


@dataclass(frozen=True)
class FeatureError(_Encoded):
    """λ E‖f(x) − f(G(E(x)))‖², f the discriminator's features: the error where the adversary looks, not in pixels.

    Larsen et al. 2016, "Autoencoding beyond pixels using a learned similarity metric", arXiv 1512.09300, equation 7.
    """

    weight: Weight = 1.0
    """λ, weight of the squared error of reconstructions in the discriminator's features in the encoder's cost."""
    generator_share: Weight = 1.0
    """Fraction of it in the generator's cost; 0 leaves the generator to the discriminator alone."""
    needs: ClassVar[Needs] = Needs(features=True)
    samples: ClassVar[Mapping[str, Callable[[Round], Tensor]]] = RECONSTRUCTED

    def encoder(self, batch: Round) -> Tensor:
        real, again = batch.features("real").detach(), batch.features("reconstruction")
        error = objectives.reconstruction.squared_error(real, again)
        batch.note("feature_error/error", error)
        return self.weight * error
