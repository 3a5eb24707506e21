"""Figures: what theory says about GANs, computed anew and drawn for a lecture."""

from __future__ import annotations

from collections.abc import Callable

from gansmith.errors import unknown
from gansmith.figures.clipping import clipping
from gansmith.figures.dirac import dirac
from gansmith.figures.divergences import divergences
from gansmith.figures.figure import Figure
from gansmith.figures.linear_generator import linear_generator
from gansmith.figures.losses import losses
from gansmith.figures.naive_critic import naive_critic
from gansmith.figures.normal1d import normal1d
from gansmith.figures.optimal_discriminator import optimal_discriminator
from gansmith.figures.rates import rates
from gansmith.figures.rotation import rotation
from gansmith.figures.saddle import saddle
from gansmith.figures.transport import transport
from gansmith.figures.two_answers import two_answers
from gansmith.figures.value_surface import value_surface
from gansmith.figures.vanishing import vanishing
from gansmith.numerics import settle_vector_mathematics

__all__ = ["FIGURES", "Figure", "figure"]

FIGURES: dict[str, Callable[[], Figure]] = {  # in the order of docs/course.md
    "optimal-discriminator": optimal_discriminator,
    "vanishing": vanishing,
    "losses": losses,
    "normal1d": normal1d,
    "linear-generator": linear_generator,
    "saddle": saddle,
    "rotation": rotation,
    "rates": rates,
    "dirac": dirac,
    "divergences": divergences,
    "transport": transport,
    "naive-critic": naive_critic,
    "clipping": clipping,
    "value-surface": value_surface,
    "two-answers": two_answers,
}


def figure(name: str) -> Figure:
    """Compute and draw a figure by name."""
    if name not in FIGURES:
        raise unknown("figure", name, FIGURES)
    settle_vector_mathematics()
    return FIGURES[name]()
