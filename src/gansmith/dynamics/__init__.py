"""Dynamics: ways to move the players of a game."""

from gansmith.config import Play
from gansmith.dynamics.alternating import Alternating, Leading
from gansmith.dynamics.consensus import Consensus
from gansmith.dynamics.dynamics import Dynamics
from gansmith.dynamics.extragradient import Extragradient
from gansmith.dynamics.optimistic import Optimistic
from gansmith.dynamics.simultaneous import Simultaneous
from gansmith.dynamics.unrolled import Unrolled

__all__ = [
    "Alternating",
    "Consensus",
    "Dynamics",
    "Extragradient",
    "Leading",
    "Optimistic",
    "Simultaneous",
    "Unrolled",
    "build",
]


def build(play: Play) -> Dynamics:
    """Return the dynamics that a recipe asks for.

    >>> build(Play(n_critic=5))
    Alternating(k=5, reuse=True)
    """
    dynamics: Dynamics
    match play.dynamics:
        case "alternating":
            dynamics = Alternating(play.n_critic, play.reuse)
        case "simultaneous":
            dynamics = Simultaneous()
        case "extragradient":
            dynamics = Extragradient()
        case "optimistic":
            dynamics = Optimistic()
        case "unrolled":
            dynamics = Unrolled(play.unrolled_steps, play.unrolled_lr)
    return Consensus(play.consensus, dynamics) if play.consensus else dynamics
