"""Terms: what the costs are made of. Each lifts a plain function on scores to a round of play."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import torch
from torch import Tensor

from gansmith.errors import GansmithError
from gansmith.games.round import Round
from gansmith.objectives import penalties
from gansmith.objectives.losses import Loss


class Term(Protocol):
    """A summand of one or both players' costs; None where a player has no share in it."""

    @property
    def latest(self) -> Mapping[str, Tensor]:
        """Numbers about the last costs for the journal, besides the shares themselves."""
        ...

    def state_dict(self) -> dict[str, Any]:
        """Return what the next cost needs to know of the last ones."""
        ...

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from a `state_dict`."""
        ...

    @property
    def name(self) -> str:
        """What the journal calls it."""
        ...

    def discriminator(self, round: Round) -> Tensor | None:
        """Return the discriminator's share."""
        ...

    def generator(self, round: Round) -> Tensor | None:
        """Return the generator's share."""
        ...


class Memoryless:
    """A term that needs to know nothing of the last costs and has nothing to tell of them."""

    latest: ClassVar[Mapping[str, Tensor]] = {}

    def state_dict(self) -> dict[str, Any]:
        """Return nothing."""
        return {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from nothing."""


@dataclass(frozen=True)
class Adversarial(Memoryless):
    """The loss the two players fight over.

    Args:
        loss: the pair of costs.
        scale: factor on the discriminator's cost.
        smoothing: s in the target 1 − s for real samples (one-sided; Salimans et al. 2016, arXiv 1606.03498).
        noise: probability that a sample's label is flipped for the discriminator.
        generator_scale: factor on the generator's cost; at 0 it has no share.
    """

    loss: Loss
    scale: float = 1.0
    smoothing: float = 0.0
    noise: float = 0.0
    generator_scale: float = 1.0
    name: str = "adversarial"

    def __post_init__(self) -> None:
        if (self.smoothing or self.noise) and not self.loss.has_targets:
            raise GansmithError(
                "label_smoothing and label_noise need a loss with targets: minimax, nonsaturating or least-squares"
            )

    def discriminator(self, round: Round) -> Tensor:
        real, fake = round.real_score, round.fake_score
        if not self.loss.has_targets:
            return self.scale * self.loss.discriminator(real, fake)
        return self.scale * self.loss.discriminator(real, fake, *self._targets(round))

    def generator(self, round: Round) -> Tensor | None:
        if not self.generator_scale:
            return None
        # most generators' costs never look at the real scores: those are spared the forward pass
        real = round.real_score if self.loss.relative else round.fake_score.new_zeros(0)
        return self.generator_scale * self.loss.generator(real, round.fake_score)

    def _targets(self, round: Round) -> tuple[Tensor | float, Tensor | float]:
        real, fake = 1.0 - self.smoothing, 0.0
        if not self.noise:
            return real, fake
        n = len(round.real_score)
        flip_real = round.uniform("flip real", (n,)) < self.noise
        flip_fake = round.uniform("flip fake", (n,)) < self.noise
        ones, zeros = torch.full((n,), real, device=round.x.device), torch.zeros(n, device=round.x.device)
        return torch.where(flip_real, zeros, ones), torch.where(flip_fake, ones, zeros)


class _Penalty(Memoryless):
    """A cost of the discriminator alone, applied at every n-th of its moves and n times as strong."""

    weight: float
    every: int

    def discriminator(self, round: Round) -> Tensor | None:
        if round.players["discriminator"].moves % self.every:
            return None
        return self.weight * self.every * self.value(round)

    def generator(self, round: Round) -> None:
        return None

    def value(self, round: Round) -> Tensor:
        raise NotImplementedError


@dataclass(frozen=True)
class GradientPenalty(_Penalty):
    """λ E(‖∇D(x̂)‖ − target)², x̂ on the lines between real and fake. See `penalties.gradient_penalty`."""

    weight: float
    target: float = 1.0
    one_sided: bool = False
    every: int = 1
    name: str = "gradient_penalty"

    def value(self, round: Round) -> Tensor:
        epsilon = round.uniform("epsilon", (len(round.x),))
        mixed = penalties.interpolate(round.x.detach(), round.fake.detach(), epsilon)
        return penalties.gradient_penalty(round.score, mixed, self.target, self.one_sided)


@dataclass(frozen=True)
class R1(_Penalty):
    """γ/2 E‖∇D(x)‖² on real samples. See `penalties.zero_centred`."""

    weight: float
    every: int = 1
    name: str = "r1"

    def value(self, round: Round) -> Tensor:
        return penalties.zero_centred(round.real_score, round.x)


@dataclass(frozen=True)
class R2(_Penalty):
    """γ/2 E‖∇D(G(z))‖² on fake samples. See `penalties.zero_centred`."""

    weight: float
    every: int = 1
    name: str = "r2"

    def value(self, round: Round) -> Tensor:
        return penalties.zero_centred(round.fake_score, round.fake)


@dataclass(frozen=True)
class Dragan(_Penalty):
    """λ E(‖∇D(x + δ)‖ − 1)² around the data. See `penalties.dragan_points`."""

    weight: float
    target: float = 1.0
    every: int = 1
    name: str = "dragan"

    def value(self, round: Round) -> Tensor:
        x = round.x.detach()
        points = penalties.dragan_points(x, round.uniform("dragan", tuple(x.shape)))
        return penalties.gradient_penalty(round.score, points, self.target)


@dataclass(frozen=True)
class Variance(_Penalty):
    """λ (Var D(x) + Var D(G(z))). See `penalties.variance`."""

    weight: float
    every: int = 1
    name: str = "variance"

    def value(self, round: Round) -> Tensor:
        return penalties.variance(round.real_score, round.fake_score)


@dataclass(frozen=True)
class PullAway(Memoryless):
    """λ times the pull-away term on the fakes' features, for the generator. See `penalties.pull_away`."""

    weight: float
    name: str = "pull_away"

    def discriminator(self, round: Round) -> None:
        return None

    def generator(self, round: Round) -> Tensor:
        features = round.fake_judgement.features
        if features is None:
            raise GansmithError("pull_away needs a discriminator that returns Judgement(score, features)")
        return self.weight * penalties.pull_away(features)
