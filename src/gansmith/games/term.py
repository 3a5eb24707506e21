"""What a term is: a summand of the players' costs, and what it needs and brings besides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from torch import Tensor, nn

    from gansmith.games.round import Round

Cost: TypeAlias = "Callable[[Round], Tensor | None]"
"""A player's share of a term in a round; None where it has none in this step."""
Networks: TypeAlias = "Mapping[str, tuple[str, nn.Module]]"
"""What a term brings, by name: who moves it, and the network."""


@dataclass(frozen=True)
class Needs:
    """What a component asks of the others. Nobody else knows it."""

    single: bool = False
    """Scores of single samples: no packs."""
    features: bool = False
    """A discriminator that tells its features."""
    apart: bool = False
    """Real samples and fakes in passes of their own."""
    pairs: bool = False
    """Two samples in a minibatch at least."""
    unconditional: bool = False
    """A discriminator that takes no conditions."""
    given: bool = False
    """A condition that comes with the data: labels or attributes."""
    knowledge: bool = False
    """Data that come with labels or attributes, whether or not the generator is asked for them."""
    codes: bool = False
    """Codes that are drawn with the noise."""
    seen: bool = False
    """A generator that is shown something of each sample, and answers."""
    changing: str | None = None
    """What makes one step differ from the next by more than its numbers: such steps cannot be compiled."""


NOTHING = Needs()


def needs_of(term: Any) -> Needs:
    """Return what a term asks of the others; nothing where it does not say."""
    needs: Needs = getattr(term, "needs", NOTHING)
    return needs


class Term(Protocol):
    """A summand of the costs of one player or of several: a frozen dataclass of its settings.

    Only `costs` is required. A term may also have `needs: Needs`; `networks(site)`, which returns networks that it
    brings, each with the player who moves it; and `samples`, kinds of sample beside real and fake, each with how a
    round makes it. It is called like its class, or by a `name` of its own. It remembers nothing: what has to be
    remembered lies in the buffers of a network that it brings, see `Site.memory`.
    """

    @property
    def costs(self) -> Mapping[str, Cost]:
        """The share of each player who has one; None where there is none in this step."""
        ...


class Site(Protocol):
    """What a term may build its networks from."""

    networks: Mapping[str, nn.Module]
    """Those that are there already."""
    shape: tuple[int, ...]
    """Of a sample."""

    def discriminator(self) -> nn.Module:
        """Return another discriminator of the recipe's family."""
        ...

    def encoder(self, outputs: int) -> nn.Module:
        """Return a network of the recipe's family that maps samples to numbers (N, outputs)."""
        ...

    @property
    def latent(self) -> int:
        """Dimensions of the noise z."""
        ...

    def classifier(self, alone: bool) -> nn.Module:
        """Return what reads labels and attributes: from the discriminator's features, or alone from the samples."""
        ...

    def recognition(self) -> nn.Module:
        """Return what reads the codes from the discriminator's features."""
        ...

    def projected(self) -> nn.Module:
        """Return a discriminator of what a network sees in samples that learns to read the data before the run."""
        ...

    def pairs(self, numbers: int) -> nn.Module:
        """Return what scores pairs of a sample, by the discriminator's features, and so many numbers."""
        ...

    def memory(self, **buffers: Tensor) -> nn.Module:
        """Return a network of buffers alone, which are part of a run's state."""
        ...
