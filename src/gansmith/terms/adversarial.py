"""The loss that the players fight over, and a memory of old fakes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from gansmith.errors import GansmithError
from gansmith.games.term import Needs
from gansmith.settings import Component, Count, Fraction, Positive, Weight
from gansmith.terms.losses import LOSSES, NonSaturating

if TYPE_CHECKING:
    from torch import Tensor, nn

    from gansmith.games.round import Round
    from gansmith.games.term import Cost, Networks, Site


@dataclass(frozen=True)
class Adversarial:
    """The loss between a discriminator and the generator.

    A discriminator other than "discriminator" is brought by this term, and is a player of that name.
    """

    loss: Annotated[Component, LOSSES] = NonSaturating()
    """What they pay."""
    discriminator_scale: Positive = 1.0
    """Factor on the discriminator's adversarial cost (1/2 in Goodfellow's tutorial)."""
    generator_scale: Weight = 1.0
    """Factor on the generator's adversarial cost; 0 leaves it to other terms, feature matching for one."""
    label_smoothing: Fraction = 0.0
    """Target 1 - s instead of 1 for real samples (one-sided; Salimans et al. 2016, arXiv 1606.03498)."""
    soft_labels: Fraction = 0.0
    """Draw targets: those of real samples from [1 - s, 1] (less the smoothing), those of fakes from [0, s]."""
    label_noise: Fraction = 0.0
    """Probability that a label is flipped for the discriminator."""
    against: str = "discriminator"
    """Which discriminator."""
    fakes: tuple[str, ...] = ("fake",)
    """The kinds of sample that it is to tell from real ones."""

    @property
    def name(self) -> str:
        return "adversarial" if self.against == "discriminator" else f"adversarial_{self.against}"

    def check(self) -> None:
        """Refuse targets for a loss that has none."""
        targets = {name: getattr(self, name) for name in ("label_smoothing", "soft_labels", "label_noise")}
        given = [f"{name} = {value:g}" for name, value in targets.items() if value]
        if given and not getattr(self.loss, "has_targets", False):
            raise GansmithError(
                f"{given[0]} needs a loss with targets: use --loss minimax, nonsaturating or least-squares"
            )

    @property
    def costs(self) -> Mapping[str, Cost]:
        costs: dict[str, Cost] = {self.against: self.discriminator}
        return costs | {"generator": self.generator} if self.generator_scale else costs

    def networks(self, site: Site) -> Networks:
        """Return the discriminator, if it is another than the one that there is anyway."""
        return {} if self.against in site.networks else {self.against: (self.against, site.discriminator())}

    def discriminator(self, batch: Round) -> Tensor:
        real = batch.scores("real", self.against)
        shares = []
        for kind in self.fakes:
            fake = batch.scores(kind, self.against)
            self._note(batch, kind, fake)
            shares.append(self.loss.discriminator(real, fake, *self._targets(batch, kind, len(real))))
        self._note(batch, "real", real)
        return self.discriminator_scale * _mean(shares)

    def generator(self, batch: Round) -> Tensor:
        shares = []
        for kind in self.fakes:
            fake = batch.scores(kind, self.against)
            # most generators' costs never look at the real scores: those are spared the forward pass
            relative = getattr(self.loss, "relative", False)
            real = batch.scores("real", self.against) if relative else fake.new_zeros(0)
            shares.append(self.loss.generator(real, fake))
            if self._key("real") in batch.notes:  # the same fakes, as the discriminator sees them after its move
                self._note(batch, kind, fake)
        return self.generator_scale * _mean(shares)

    def _key(self, kind: str) -> str:
        return f"score/{kind}" if self.against == "discriminator" else f"score/{kind} by {self.against}"

    def _note(self, batch: Round, kind: str, scores: Tensor) -> None:
        batch.note(self._key(kind), scores)

    def _targets(self, batch: Round, kind: str, count: int) -> tuple[Any, ...]:
        """Return the targets of real samples and fakes; none where they are 1 and 0."""
        import torch

        real, fake = 1.0 - self.label_smoothing, 0.0
        if not self.label_noise and not self.soft_labels:
            return (real, fake) if self.label_smoothing else ()
        ones, zeros = torch.full((count,), real, device=batch.x.device), torch.zeros(count, device=batch.x.device)
        if self.soft_labels:
            ones = ones - self.soft_labels * batch.uniform("soft real", (count,))
            zeros = zeros + self.soft_labels * batch.uniform(f"soft {kind}", (count,))
        if not self.label_noise:
            return ones, zeros
        flip_real = batch.uniform("flip real", (count,)) < self.label_noise
        flip_fake = batch.uniform(f"flip {kind}", (count,)) < self.label_noise
        return torch.where(flip_real, zeros, ones), torch.where(flip_fake, ones, zeros)


def _mean(shares: list[Tensor]) -> Tensor:
    return shares[0] if len(shares) == 1 else sum(shares[1:], shares[0]) / len(shares)


@dataclass(frozen=True)
class Replay:
    """λ times the discriminator's cost on fakes of earlier steps, so that it does not forget what it has refuted.

    The last fakes are kept, and a minibatch of them is drawn for every cost.

    Shrivastava et al. 2017, "Learning from simulated and unsupervised images", arXiv 1612.07828, section 2.3.
    """

    weight: Weight = 1.0
    """λ, weight of the discriminator's cost on fakes of earlier steps."""
    size: Count = 2048
    """Fakes remembered."""

    @property
    def needs(self) -> Needs:
        return Needs(unconditional=True, changing=f"replay = {self.weight:g}")

    @property
    def costs(self) -> Mapping[str, Cost]:
        return {"discriminator": self.discriminator}

    def networks(self, site: Site) -> Networks:
        """Return the memory: the fakes kept, how many, where the next ones go, and at which move the last came."""
        import torch

        zero = torch.tensor(0)
        memory = site.memory(kept=torch.zeros(self.size, *site.shape), count=zero, next=zero, moves=zero - 1)
        return {"replay": ("discriminator", memory)}

    def discriminator(self, batch: Round) -> Tensor | None:
        memory: Any = batch.game.networks["replay"]
        old = self._recall(batch, memory)
        self._remember(batch, memory)
        if old is None:
            return None
        loss = batch.game.terms["adversarial"].loss
        return self.weight * loss.discriminator(batch.scores("real"), batch.score(old))  # type: ignore[no-any-return]

    def _recall(self, batch: Round, memory: Any) -> Tensor | None:
        count = int(memory.count)
        if not count:
            return None
        dice = batch.uniform("replay", (len(batch.x),))
        old: Tensor = memory.kept[(dice * count).long().clamp(max=count - 1)]
        return old

    def _remember(self, batch: Round, memory: nn.Module) -> None:
        """Take in the fakes of a round, once per move of the discriminator however often its cost is asked for."""
        import torch

        kept: Any = memory
        if int(kept.moves) == batch.moves("discriminator"):
            return
        with torch.no_grad():
            fake = batch.fake.detach()
            places = (int(kept.next) + torch.arange(len(fake), device=fake.device)) % self.size
            kept.kept[places[-self.size :]] = fake[-self.size :].to(kept.kept)
            kept.moves.fill_(batch.moves("discriminator"))
            kept.next.fill_((int(kept.next) + len(fake)) % self.size)
            kept.count.fill_(min(self.size, int(kept.count) + len(fake)))
