"""Penalties: what keeps a discriminator tame, each a plain function of `gansmith.objectives.penalties` on a round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from gansmith import objectives
from gansmith.games.term import Needs
from gansmith.settings import Count, Fraction, Weight

if TYPE_CHECKING:
    from torch import Tensor

    from gansmith.games.round import Round
    from gansmith.games.term import Cost, Networks, Site


def _lazily(penalty: Any) -> Mapping[str, Cost]:
    """The discriminator's cost: the weight times the value, at every n-th of its moves and n times as strong."""

    def cost(batch: Round) -> Tensor | None:
        if batch.moves("discriminator") % penalty.every:
            return None
        share: Tensor = penalty.weight * penalty.every * penalty.value(batch)
        return share

    return {"discriminator": cost}


def _needing(**needs: bool) -> property:
    """Return what a penalty needs; one that comes at some moves alone makes steps differ."""
    return property(lambda self: Needs(**needs, changing=f"every = {self.every}" if self.every > 1 else None))


LAZILY = property(_lazily)


@dataclass(frozen=True)
class GradientPenalty:
    """λ E(‖∇D(x̂)‖ − target)², x̂ on the lines between real and fake. Gulrajani et al. 2017, arXiv 1704.00028."""

    weight: Weight = 10.0
    """λ, weight of the gradient penalty between real and fake."""
    target: Weight = 1.0
    """Gradient norm that the penalty pulls towards."""
    one_sided: bool = False
    """Penalise only gradient norms above the target (Petzka et al. 2018, arXiv 1709.08894)."""
    every: Count = 1
    """Apply the penalty only at every n-th move of the discriminator, n times as strong."""

    needs = _needing(single=True)
    costs = LAZILY

    def value(self, batch: Round) -> Tensor:
        epsilon = batch.uniform("epsilon", (len(batch.x),))
        mixed = objectives.penalties.interpolate(batch.x.detach(), batch.fake, epsilon)
        return objectives.penalties.gradient_penalty(batch.score, mixed, self.target, self.one_sided)


@dataclass(frozen=True)
class R1:
    """γ/2 E‖∇D(x)‖² on real samples. Mescheder, Geiger, Nowozin 2018, arXiv 1801.04406."""

    weight: Weight = 1.0
    """γ, weight of (γ/2) E‖∇D‖² on real samples."""
    every: Count = 1
    """Apply the penalty only at every n-th move of the discriminator, n times as strong."""

    needs = _needing(single=True, apart=True)
    costs = LAZILY

    def value(self, batch: Round) -> Tensor:
        return objectives.penalties.zero_centred(batch.scores("real"), batch.x)


@dataclass(frozen=True)
class R2:
    """γ/2 E‖∇D(G(z))‖² on fakes. Mescheder, Geiger, Nowozin 2018, arXiv 1801.04406."""

    weight: Weight = 1.0
    """γ, weight of (γ/2) E‖∇D‖² on fakes."""
    every: Count = 1
    """Apply the penalty only at every n-th move of the discriminator, n times as strong."""

    needs = _needing(single=True, apart=True)
    costs = LAZILY

    def value(self, batch: Round) -> Tensor:
        return objectives.penalties.zero_centred(batch.scores("fake"), batch.fake)


@dataclass(frozen=True)
class Dragan:
    """λ E(‖∇D(x + δ)‖ − target)² around the data. Kodali et al. 2017, arXiv 1705.07215."""

    weight: Weight = 10.0
    """λ, weight of the gradient penalty around the data."""
    target: Weight = 1.0
    """Gradient norm that the penalty pulls towards."""
    every: Count = 1
    """Apply the penalty only at every n-th move of the discriminator, n times as strong."""

    needs = _needing(single=True)
    costs = LAZILY

    def value(self, batch: Round) -> Tensor:
        x = batch.x.detach()
        points = objectives.penalties.dragan_points(x, batch.uniform("dragan", tuple(x.shape)))
        return objectives.penalties.gradient_penalty(batch.score, points, self.target)


@dataclass(frozen=True)
class Variance:
    """λ (Var D(x) + Var D(G(z))). After Mroueh, Sercu 2017, arXiv 1705.09675."""

    weight: Weight = 0.5
    """λ, weight of Var D under the data plus Var D under the generator."""
    every: Count = 1
    """Apply the penalty only at every n-th move of the discriminator, n times as strong."""

    needs = _needing(pairs=True)
    costs = LAZILY

    def value(self, batch: Round) -> Tensor:
        return objectives.penalties.variance(batch.scores("real"), batch.scores("fake"))


@dataclass(frozen=True)
class Drift:
    """ε E D(x)². Karras et al. 2018, arXiv 1710.10196, appendix A.1."""

    weight: Weight = 0.001
    """ε, weight of E D(x)² on real samples, which keeps scores near 0."""
    every: Count = 1
    """Apply the penalty only at every n-th move of the discriminator, n times as strong."""

    needs = _needing()
    costs = LAZILY

    def value(self, batch: Round) -> Tensor:
        return objectives.penalties.drift(batch.scores("real"))


@dataclass(frozen=True)
class LeCam:
    """λ (E (D(x) − α_F)² + E (D(G(z)) − α_R)²), α moving averages of the scores. Tseng et al. 2021, arXiv 2104.03310.

    The averages β α + (1 − β) E D are taken at every cost, as batch norm's statistics are, and begin as plain means.
    """

    weight: Weight = 0.3
    """λ, weight of the distance of scores from where the other side's have been; for few images."""
    average_decay: Fraction = 0.99
    """β, decay of the averages of the scores."""
    name: ClassVar[str] = "lecam"

    @property
    def costs(self) -> Mapping[str, Cost]:
        return {"discriminator": self.discriminator}

    def networks(self, site: Site) -> Networks:
        """Return the memory: both averages, and how many costs are in them."""
        import torch

        memory = site.memory(real=torch.zeros(()), fake=torch.zeros(()), count=torch.zeros(()))
        return {"lecam": ("discriminator", memory)}

    def discriminator(self, batch: Round) -> Tensor:
        real, fake = batch.scores("real"), batch.scores("fake")
        memory: Any = batch.game.networks["lecam"]
        memory.count.add_(1)
        share = (1 / memory.count).clamp_min(1 - self.average_decay)
        memory.real.lerp_(real.detach().mean().to(memory.real), share)
        memory.fake.lerp_(fake.detach().mean().to(memory.fake), share)
        return self.weight * objectives.penalties.lecam(real, fake, memory.real.clone(), memory.fake.clone())


PENALTIES = {
    "gradient_penalty": GradientPenalty,
    "r1": R1,
    "r2": R2,
    "dragan": Dragan,
    "variance": Variance,
    "drift": Drift,
    "lecam": LeCam,
}
