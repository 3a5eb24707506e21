"""Dynamics: ways to move the players of a game. Naming one imports no torch."""

from gansmith.dynamics.accumulated import Accumulated
from gansmith.dynamics.alternating import Alternating, Leading
from gansmith.dynamics.consensus import Consensus
from gansmith.dynamics.dynamics import DYNAMICS, Dynamics
from gansmith.dynamics.extragradient import Extragradient
from gansmith.dynamics.lookahead import Lookahead
from gansmith.dynamics.optimistic import Optimistic
from gansmith.dynamics.simultaneous import Simultaneous
from gansmith.dynamics.unrolled import Unrolled

DYNAMICS.ours.update(
    {
        "alternating": Alternating,
        "simultaneous": Simultaneous,
        "extragradient": Extragradient,
        "optimistic": Optimistic,
        "unrolled": Unrolled,
        "consensus": Consensus,
        "lookahead": Lookahead,
    }
)

__all__ = [
    "DYNAMICS",
    "Accumulated",
    "Alternating",
    "Consensus",
    "Dynamics",
    "Extragradient",
    "Leading",
    "Lookahead",
    "Optimistic",
    "Simultaneous",
    "Unrolled",
]
