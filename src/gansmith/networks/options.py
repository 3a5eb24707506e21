"""What is done to the networks of any family: how they take conditions, and what the discriminator looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from gansmith.networks.seen import SEEN, Nothing
from gansmith.settings import Component, Count, Index, Kind


@dataclass(frozen=True)
class Conditioning:
    """What the generator is asked for, and how networks take it in."""

    condition: Literal["none", "labels", "attributes"] = "none"
    """What of the data's knowledge the generator is asked for."""
    discriminator_condition: Literal["none", "concat", "projection"] = "none"
    """How the discriminator takes the condition: beside its input, or by projection (Miyato, Koyama 2018)."""
    conditional_norm: bool = False
    """Gains and shifts of a convolutional generator's batch norm depend on the condition."""
    embedding: Index = 32
    """Numbers that a condition is mapped to before it joins the noise; 0 leaves it as it is."""
    seen: Annotated[Component, SEEN] = Nothing()
    """What of a sample the generator is shown, to answer with all of it."""


@dataclass(frozen=True)
class DiscriminatorOptions:
    """What the discriminator looks at, and what its weights are held to."""

    spectral_norm: bool = False
    """Divide every discriminator weight by its largest singular value (Miyato et al. 2018, arXiv 1802.05957)."""
    minibatch: Literal["none", "stddev", "kernels", "distances"] = "none"
    """What the discriminator sees of its minibatch as a whole: its standard deviation (Karras et al. 2018), learned
    kernels (minibatch discrimination, Salimans et al. 2016) or plain distances between its samples."""
    pack: Count = 1
    """Samples the discriminator judges together (PacGAN's m, Lin et al. 2018)."""
    autoencoder: bool = False
    """The discriminator reconstructs its input, and the score is minus the error (Zhao et al. 2017)."""
    code: Count = 128
    """Numbers through which an autoencoding discriminator reconstructs."""


CONDITIONINGS = Kind("condition", "condition", {"condition": Conditioning})
OPTIONS = Kind("discriminator_options", "pack", {"discriminator_options": DiscriminatorOptions})
