"""Terms that steer: matching features, checking conditions, keeping codes legible, and a memory of old fakes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import torch
from torch import Tensor

from gansmith.errors import GansmithError
from gansmith.games.round import Round
from gansmith.games.terms import Memoryless
from gansmith.networks.conditional import Decoder
from gansmith.objectives.information import attribute_loss, categorical_bound, label_loss, uniform_bound
from gansmith.objectives.losses import Loss
from gansmith.objectives.matching import feature_matching


@dataclass(frozen=True)
class FeatureMatching(Memoryless):
    """λ times the distance of the features' moments, for the generator. See `matching.feature_matching`."""

    weight: float
    covariance: float = 0.0
    name: str = "feature_matching"

    def discriminator(self, round: Round) -> None:
        return None

    def generator(self, round: Round) -> Tensor:
        real, fake = round.real_judgement.features, round.fake_judgement.features
        if real is None or fake is None:
            raise GansmithError("feature_matching needs a discriminator that returns Judgement(score, features)")
        return self.weight * feature_matching(real.detach(), fake, self.covariance)


@dataclass
class Checking(Memoryless):
    """The condition's cross entropy, as a second discriminator (the head "checker") reads labels and attributes.

    The discriminator's cost: real · CE(x) + fake · CE(G(z, c)); the generator's: generator · CE(G(z, c)). The paper
    takes 1, 1, 1; without the fakes the checker learns from the data alone and cannot be led astray by bad fakes.

    Odena, Olah, Shlens 2017, "Conditional image synthesis with auxiliary classifier GANs", arXiv 1610.09585.
    """

    real: float = 1.0
    fake: float = 0.0
    to_generator: float = 1.0
    name: str = "checking"
    latest: dict[str, Tensor] = field(default_factory=dict)  # type: ignore[misc]

    def discriminator(self, round: Round) -> Tensor | None:
        total = self.real * self._cross_entropy(round, "real")
        return total + self.fake * self._cross_entropy(round, "fake") if self.fake else total

    def generator(self, round: Round) -> Tensor | None:
        return self.to_generator * self._cross_entropy(round, "fake")

    def _cross_entropy(self, round: Round, which: Literal["real", "fake"]) -> Tensor:
        condition, given = round.table.condition, round.given
        assert given is not None  # a checker is built only where there is something to check
        read = round.read("checker", which)
        labels = condition.labels
        total = read.new_zeros(())
        if labels:
            wanted = given[:, :labels].argmax(dim=1)
            total = total + label_loss(read[:, :labels], wanted)
            self.latest[f"checked/{which} labels"] = (read[:, :labels].argmax(1) == wanted).float().mean().detach()
        if condition.attributes:
            wanted = given[:, labels:]
            total = total + attribute_loss(read[:, labels:], wanted)
            right = (read[:, labels:] > 0) == (wanted > 0.5)
            self.latest[f"checked/{which} attributes"] = right.float().mean().detach()
        return total


@dataclass
class Information(Memoryless):
    """−λ times the bounds on I(c; G(z, c)), summed over the codes, as the head "decoder" reads them.

    All who take part in reading raise L = E log Q(c|x) + H(c) ≤ I: the generator, the decoder, which moves with it, and
    the discriminator, on whose features the decoder looks. The journal has the bound of every code in nats.

    Of a continuous code Q tells the mean of a normal distribution whose deviation is 1 in the cost, as in the paper's
    setting for MNIST: a deviation that is learnt shrinks, and the code's share of the cost grows without end. The
    journal's bound is that of the deviation which fits the minibatch best.

    Chen et al. 2016, "InfoGAN", arXiv 1606.03657, equation 5.

    Args:
        categorical, continuous: λ of either kind of code.
    """

    categorical: float = 0.01
    continuous: float = 0.01
    name: str = "information"
    latest: dict[str, Tensor] = field(default_factory=dict)  # type: ignore[misc]

    def discriminator(self, round: Round) -> Tensor:
        return self.generator(round)

    def generator(self, round: Round) -> Tensor:
        decoder, condition = round.table.heads["decoder"], round.table.condition
        assert isinstance(decoder, Decoder) and round.c is not None
        logits, mean = decoder.split(round.read("decoder", "fake"))
        parts = condition.split(round.c)
        bounds = [categorical_bound(q, c.argmax(dim=1)) for q, c in zip(logits, parts.categorical, strict=True)]
        total = mean.new_zeros(())
        for bound in bounds:
            total = total + self.categorical * bound
        if condition.continuous:
            total = total + self.continuous * uniform_bound(mean, torch.zeros_like(mean), parts.continuous).sum()
            best = (parts.continuous - mean).square().mean(0).log() / 2
            bounds += uniform_bound(mean, best.expand_as(mean), parts.continuous)
        self.latest = {f"information/c{i + 1}": bound.detach() for i, bound in enumerate(bounds)}
        return -total


class Replay:
    """λ times the discriminator's cost on fakes of earlier steps, so that it does not forget what it has refuted.

    The last `size` fakes are kept, and a minibatch of them is drawn for every cost. They are part of a run's state.

    Shrivastava et al. 2017, "Learning from simulated and unsupervised images", arXiv 1612.07828, section 2.3.

    Args:
        loss: the adversarial loss.
        weight: λ.
        size: fakes kept.
    """

    name = "replay"
    latest: Mapping[str, Tensor] = {}

    def __init__(self, loss: Loss, weight: float, size: int) -> None:
        self.loss = loss
        self.weight = weight
        self.size = size
        self._kept: Tensor | None = None  # (size, *shape), the first `_count` of which are fakes
        self._count = 0
        self._next = 0
        self._moves = -1

    def discriminator(self, round: Round) -> Tensor | None:
        old = self._recall(round)
        self._remember(round)
        return None if old is None else self.weight * self.loss.discriminator(round.real_score, round.score(old))

    def generator(self, round: Round) -> None:
        return None

    def _recall(self, round: Round) -> Tensor | None:
        if self._kept is None or not self._count:
            return None
        dice = round.uniform("replay", (len(round.x),))
        return self._kept[(dice * self._count).long().clamp(max=self._count - 1)]

    @torch.no_grad()
    def _remember(self, round: Round) -> None:
        """Take in the fakes of a round, once per move of the discriminator however often its cost is asked for."""
        moves = round.players["discriminator"].moves
        if moves == self._moves:
            return
        self._moves = moves
        fake = round.fake.detach()
        if self._kept is None:
            self._kept = fake.new_zeros(self.size, *fake.shape[1:])
        places = (self._next + torch.arange(len(fake), device=fake.device)) % self.size
        self._kept[places[-self.size :]] = fake[-self.size :]
        self._next = (self._next + len(fake)) % self.size
        self._count = min(self.size, self._count + len(fake))

    def state_dict(self) -> dict[str, Any]:
        """Return the fakes kept and where the next ones go."""
        return {"kept": self._kept, "count": self._count, "next": self._next, "moves": self._moves}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from a `state_dict`."""
        self._kept, self._count = state["kept"], state["count"]
        self._next, self._moves = state["next"], state["moves"]
