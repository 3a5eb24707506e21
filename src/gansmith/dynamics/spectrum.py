"""What a step of play does to the players near where they stand: the update matrix and its eigenvalues."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from gansmith.dynamics.dynamics import Dynamics
from gansmith.dynamics.flat import FlatGame
from gansmith.errors import GansmithError
from gansmith.games.game import Game


def jacobian(game: Game, batch: Any) -> Tensor:
    """Return J = v'(w), how the field of every player's gradient of its own cost changes with all parameters, (n, n).

    w is the parameters of all players one after the other, n numbers. A game of one cost has a symmetric J, with real
    eigenvalues; the coupling of opponents is antisymmetric and makes them complex: play turns.

    Mescheder, Nowozin, Geiger 2017, "The numerics of GANs", arXiv 1705.10461.

    >>> from gansmith.games.toy import bilinear
    >>> jacobian(bilinear(), None).tolist()  # v = (y, −x)
    [[0.0, 1.0], [-1.0, 0.0]]
    """
    flat = FlatGame(game, batch)
    return _derivative(flat.field, flat.here())


def update_matrix(dynamics: Dynamics, game: Game, batch: Any) -> Tensor:
    """Return the derivative of one step of a dynamics where the game stands, (n, n).

    The step w ↦ w' is the dynamics' own, in plain gradient descent at each player's own rates η, on one batch; nobody
    moves. At a fixed point the step contracts if the spectral radius is below 1. With one η and J = v'(w):

    | dynamics | update matrix |
    | --- | --- |
    | simultaneous | I − ηJ |
    | alternating | the product of I − ηJ in the rows of whoever moves, k times the leader's |
    | extragradient | I − ηJ(w½)(I − ηJ(w)) |
    | optimistic | of (w, past v), (2n, 2n): ((I − 2ηJ, ηI), (J, 0)) |
    | consensus | the inner dynamics' on the game with (γ/2)‖v‖² added to every cost |
    | unrolled | the leader's, then I − η times the slope of the total gradient through k steps ahead |

    Raises:
        GansmithError: for a dynamics that has no `after`, or a player whose move is not plain gradient descent.

    >>> from gansmith.dynamics import Simultaneous
    >>> from gansmith.games.toy import bilinear
    >>> eigenvalues(update_matrix(Simultaneous(), bilinear(lr=0.1), None)).tolist()  # 1 ± iη
    [(1+0.1j), (1-0.1j)]
    """
    after = getattr(dynamics, "after", None)
    if after is None:
        raise GansmithError(
            f"no update matrix for {type(dynamics).__name__}: give it `after`, its step as a function of w"
        )
    flat = FlatGame(game, batch)
    here = flat.here()
    # the step is linear in the past, whose value therefore does not matter
    state = torch.cat([here, torch.zeros_like(here)]) if getattr(dynamics, "with_past", False) else here
    return _derivative(lambda w: after(flat, w), state)


def eigenvalues(matrix: Tensor) -> Tensor:
    """Return the eigenvalues, complex, the largest in absolute value first; of a pair, the one above the real line.

    >>> eigenvalues(torch.tensor([[1.0, 4.0], [0.0, -3.0]])).tolist()
    [(-3+0j), (1+0j)]
    """
    found: Tensor = torch.linalg.eigvals(matrix)
    # rounding must not decide the order of a conjugate pair
    return torch.stack(sorted(found, key=lambda value: (-round(abs(value.item()), 12), -value.imag.item())))


def spectral_radius(matrix: Tensor) -> float:
    """Return the largest absolute value of an eigenvalue: the factor per step in the long run.

    >>> spectral_radius(torch.diag(torch.tensor([0.5, -0.9], dtype=torch.float64)))
    0.9
    """
    return float(torch.linalg.eigvals(matrix).abs().max())


def _derivative(function: Callable[[Tensor], Tensor], at: Tensor) -> Tensor:
    matrix: Tensor = torch.autograd.functional.jacobian(function, at)  # type: ignore[no-untyped-call]
    return matrix
