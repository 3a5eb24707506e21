"""Terms that hold the generator to what it was asked for: labels and attributes are checked, codes are kept legible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from gansmith import objectives
from gansmith.games.term import Needs
from gansmith.settings import Weight

if TYPE_CHECKING:
    from torch import Tensor

    from gansmith.games.round import Round
    from gansmith.games.term import Cost, Networks, Site


@dataclass(frozen=True)
class AuxiliaryClassifier:
    """The condition's cross entropy, as a second discriminator reads labels and attributes.

    The discriminator's cost: real · CE(x) + fake · CE(G(z, c)); the generator's: generator · CE(G(z, c)). The paper
    takes 1, 1, 1; without the fakes the classifier learns from the data alone and cannot be led astray by bad fakes.

    Odena, Olah, Shlens 2017, "Conditional image synthesis with auxiliary classifier GANs", arXiv 1610.09585.
    """

    by: Literal["head", "network"] = "head"
    """Who checks that the condition is there: a head on the discriminator's features, or a network of its own."""
    real_weight: Weight = 1.0
    """Weight of the condition's cross entropy on real samples in the discriminator's cost."""
    fake_weight: Weight = 0.0
    """Weight of the same on fakes in the discriminator's cost (1 in AC-GAN's paper)."""
    generator_weight: Weight = 1.0
    """Weight of the same on fakes in the generator's cost."""
    name: ClassVar[str] = "auxiliary"
    needs: ClassVar[Needs] = Needs(features=True, given=True)

    @property
    def costs(self) -> Mapping[str, Cost]:
        return {"discriminator": self.discriminator, "generator": self.generator}

    def networks(self, site: Site) -> Networks:
        """Return the classifier, which moves with the discriminator."""
        return {"auxiliary": ("discriminator", site.classifier(alone=self.by == "network"))}

    def discriminator(self, batch: Round) -> Tensor:
        total = self.real_weight * self._cross_entropy(batch, "real")
        return total + self.fake_weight * self._cross_entropy(batch, "fake") if self.fake_weight else total

    def generator(self, batch: Round) -> Tensor:
        return self.generator_weight * self._cross_entropy(batch, "fake")

    def _cross_entropy(self, batch: Round, kind: str) -> Tensor:
        labels, given = batch.game.condition.labels, batch.given
        assert given is not None  # as it needs
        read: Tensor = batch.once(
            f"{kind} by auxiliary", lambda: batch.run("auxiliary", batch.sample(kind), batch.features(kind))
        )
        total = read.new_zeros(())
        if labels:
            wanted = given[:, :labels].argmax(dim=1)
            total = total + objectives.information.label_loss(read[:, :labels], wanted)
            batch.note(f"checked/{kind} labels", (read[:, :labels].argmax(1) == wanted).float().mean())
        if batch.game.condition.attributes:
            wanted = given[:, labels:]
            total = total + objectives.information.attribute_loss(read[:, labels:], wanted)
            right = (read[:, labels:] > 0) == (wanted > 0.5)
            batch.note(f"checked/{kind} attributes", right.float().mean())
        return total


@dataclass(frozen=True)
class Information:
    """−λ times the bounds on I(c; G(z, c)), summed over the codes, as a network Q reads them.

    All who take part in reading raise L = E log Q(c|x) + H(c) ≤ I: the generator, Q, which moves with it, and the
    discriminator, on whose features Q looks. The journal has the bound of every code in nats.

    Of a continuous code Q tells the mean of a normal distribution whose deviation is 1 in the cost, as in the paper's
    setting for MNIST: a deviation that is learnt shrinks, and the code's share of the cost grows without end. The
    journal's bound is that of the deviation which fits the minibatch best.

    Chen et al. 2016, "InfoGAN", arXiv 1606.03657, equation 5.
    """

    weight: Weight = 0.01
    """λ, weight of the bound on the mutual information of categorical codes and samples; larger, the codes settle on
    something before the samples look like anything."""
    continuous_weight: Weight = 0.01
    """The same for continuous codes."""
    needs: ClassVar[Needs] = Needs(features=True, codes=True)

    @property
    def costs(self) -> Mapping[str, Cost]:
        return {"discriminator": self.both, "generator": self.both}

    def networks(self, site: Site) -> Networks:
        """Return Q, which moves with the generator."""
        return {"recognition": ("generator", site.recognition())}

    def both(self, batch: Round) -> Tensor:
        recognition: Any = batch.game.networks["recognition"]
        condition = batch.game.condition
        assert batch.c is not None
        read = batch.once("recognised", lambda: batch.run("recognition", batch.fake, batch.features("fake")))
        logits, mean = recognition.split(read)
        parts = condition.split(batch.c)
        bounds = [
            objectives.information.categorical_bound(q, c.argmax(dim=1))
            for q, c in zip(logits, parts.categorical, strict=True)
        ]
        total = mean.new_zeros(())
        for bound in bounds:
            total = total + self.weight * bound
        if condition.continuous:
            bound = objectives.information.uniform_bound(mean, mean.new_zeros(mean.shape), parts.continuous)
            total = total + self.continuous_weight * bound.sum()
            best = (parts.continuous - mean).square().mean(0).log() / 2
            bounds += objectives.information.uniform_bound(mean, best.expand_as(mean), parts.continuous)
        for i, bound in enumerate(bounds):
            batch.note(f"information/c{i + 1}", bound)
        return -total  # type: ignore[no-any-return]
