"""Figures: what theory says about GANs, computed anew and drawn for a lecture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gansmith.errors import unknown
from gansmith.figures.batches import batches
from gansmith.figures.clipping import clipping
from gansmith.figures.collapse import collapse_few, collapse_hopping, collapse_one
from gansmith.figures.critic_gradient import critic_gradient
from gansmith.figures.critic_value import critic_value
from gansmith.figures.cross_entropy import cross_entropy
from gansmith.figures.densities import densities
from gansmith.figures.diagrams import diagrams
from gansmith.figures.dirac import dirac
from gansmith.figures.divergences import divergences
from gansmith.figures.entangled import entangled
from gansmith.figures.expectation import expectation
from gansmith.figures.figure import Figure
from gansmith.figures.flipped import flipped
from gansmith.figures.gan_and_wgan import gan_and_wgan
from gansmith.figures.hand_walk import hand_walk
from gansmith.figures.information import information
from gansmith.figures.linear_generator import linear_generator
from gansmith.figures.losses import losses
from gansmith.figures.naive_critic import naive_critic
from gansmith.figures.normal1d import normal1d
from gansmith.figures.optimal_discriminator import optimal_discriminator
from gansmith.figures.plans import plans
from gansmith.figures.players import players
from gansmith.figures.rates import rates
from gansmith.figures.rotation import rotation
from gansmith.figures.saddle import saddle
from gansmith.figures.transport import transport
from gansmith.figures.two_answers import two_answers
from gansmith.figures.value_surface import value_surface
from gansmith.figures.vanishing import vanishing
from gansmith.figures.worked_update import worked_update
from gansmith.numerics import settle_vector_mathematics

__all__ = ["FIGURES", "SECONDS", "Figure", "figure"]

FIGURES: dict[str, Callable[..., Figure]] = {  # in the order of docs/course.md
    "densities": densities,
    "players": players,
    "diagrams": diagrams,
    "expectation": expectation,
    "optimal-discriminator": optimal_discriminator,
    "vanishing": vanishing,
    "losses": losses,
    "cross-entropy": cross_entropy,
    "flipped": flipped,
    "normal1d": normal1d,
    "linear-generator": linear_generator,
    "worked-update": worked_update,
    "saddle": saddle,
    "rotation": rotation,
    "hand-walk": hand_walk,
    "rates": rates,
    "dirac": dirac,
    "collapse-few": collapse_few,
    "collapse-one": collapse_one,
    "collapse-hopping": collapse_hopping,
    "batches": batches,
    "entangled": entangled,
    "information": information,
    "divergences": divergences,
    "transport": transport,
    "plans": plans,
    "naive-critic": naive_critic,
    "critic-gradient": critic_gradient,
    "gan-and-wgan": gan_and_wgan,
    "critic-value": critic_value,
    "clipping": clipping,
    "value-surface": value_surface,
    "two-answers": two_answers,
}
SECONDS: Mapping[str, int] = {
    "densities": 9,
    "normal1d": 120,
    "collapse-few": 12,
    "collapse-one": 13,
    "collapse-hopping": 11,
    "naive-critic": 10,
    "critic-value": 15,
    "clipping": 10,
    "value-surface": 35,
}
"""About how long figures take that take long, on one core."""


def figure(name: str, **numbers: Any) -> Figure:
    """Compute and draw a figure by name.

    Args:
        name: one of `FIGURES`.
        numbers: the figure's own, where it shall have others.
    """
    if name not in FIGURES:
        raise unknown("figure", name, FIGURES)
    settle_vector_mathematics()
    return FIGURES[name](**numbers)
