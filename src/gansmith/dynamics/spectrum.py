"""What a step of play does to the players near where they stand: the update matrix and its eigenvalues."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from gansmith.dynamics.alternating import Alternating
from gansmith.dynamics.consensus import Agreeing, Consensus
from gansmith.dynamics.dynamics import Dynamics
from gansmith.dynamics.extragradient import Extragradient
from gansmith.dynamics.optimistic import Optimistic
from gansmith.dynamics.simultaneous import Simultaneous
from gansmith.dynamics.unrolled import Unrolled
from gansmith.errors import GansmithError
from gansmith.games.game import Game, Player


def jacobian(game: Game, batch: Any) -> Tensor:
    """Return J = v'(w), how the field of every player's gradient of its own cost changes with all parameters, (n, n).

    w is the parameters of all players one after the other, n numbers. A game of one cost has a symmetric J, with real
    eigenvalues; the coupling of opponents is antisymmetric and makes them complex: play turns.

    Exact as far as the costs are differentiable in everybody's parameters. `GradientPenalty` takes the points x̂ at
    which it holds the critic as given, so how they follow the generator is left out.

    Mescheder, Nowozin, Geiger 2017, "The numerics of GANs", arXiv 1705.10461.

    >>> from gansmith.games.toy import bilinear
    >>> jacobian(bilinear(), None).tolist()  # v = (y, −x)
    [[0.0, 1.0], [-1.0, 0.0]]
    """
    flat = _Flat(game, batch)
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
        GansmithError: for a dynamics that is not among these, or a player whose move is not plain gradient descent.

    >>> from gansmith.games.toy import bilinear
    >>> eigenvalues(update_matrix(Simultaneous(), bilinear(lr=0.1), None)).tolist()  # 1 ± iη
    [(1+0.1j), (1-0.1j)]
    """
    flat = _Flat(game, batch)
    rates = torch.cat([_rates(name, player) for name, player in game.players.items()])
    inner = dynamics.inner if isinstance(dynamics, Consensus) else dynamics
    here = flat.here()
    # the step is linear in the past, whose value therefore does not matter
    state = torch.cat([here, torch.zeros_like(here)]) if isinstance(inner, Optimistic) else here
    return _derivative(lambda w: _after(dynamics, flat, rates, w), state)


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


class _Flat:
    """A game as functions of one vector w."""

    def __init__(self, game: Game, batch: Any) -> None:
        self.game = game
        self.batch = batch
        self.shapes = {name: [p.shape for p in player.parameters] for name, player in game.players.items()}
        sizes = [sum(shape.numel() for shape in shapes) for shapes in self.shapes.values()]
        self.own: Mapping[str, slice] = {
            name: slice(sum(sizes[:i]), sum(sizes[: i + 1])) for i, name in enumerate(self.shapes)
        }

    def here(self) -> Tensor:
        """Return w as it stands."""
        players = self.game.players.values()
        return torch.cat([p.detach().flatten() for player in players for p in player.parameters])

    def pull(self, name: str, w: Tensor, seen: Tensor | None = None) -> Tensor:
        """Return the player's own part of the gradient of its cost, zero elsewhere, shape of w.

        Args:
            seen: where the cost is taken, if not at w: a function of w, through which the gradient passes.
        """
        cost = self.game.cost_at(name, self.batch, self._split(w if seen is None else seen))
        (total,) = torch.autograd.grad(cost, w, create_graph=True)
        mine = torch.zeros_like(w)
        mine[self.own[name]] = 1
        return total * mine

    def field(self, w: Tensor) -> Tensor:
        """Return v(w)."""
        return torch.stack([self.pull(name, w) for name in self.own]).sum(0)

    def _split(self, w: Tensor) -> dict[str, Sequence[Tensor]]:
        parts: dict[str, Sequence[Tensor]] = {}
        for name, shapes in self.shapes.items():
            pieces = torch.split(w[self.own[name]], [shape.numel() for shape in shapes])
            parts[name] = [piece.reshape(shape) for piece, shape in zip(pieces, shapes, strict=True)]
        return parts


def _after(dynamics: Dynamics, flat: _Flat, rates: Tensor, w: Tensor) -> Tensor:
    """Return where one step leads from w, differentiably."""
    leader, *others = flat.own
    match dynamics:
        case Simultaneous():
            return w - rates * flat.field(w)
        case Extragradient():
            return w - rates * flat.field(w - rates * flat.field(w))
        case Optimistic():
            w, past = w.chunk(2)
            v = flat.field(w)
            return torch.cat([w - rates * (2 * v - past), v])
        case Alternating(k=k):
            for name in [leader] * k + others:
                w = w - rates * flat.pull(name, w)
            return w
        case Unrolled(k=k, lr=lr):
            w = w - rates * flat.pull(leader, w)
            for name in others:
                ahead = w
                for _ in range(k):
                    ahead = ahead - lr * flat.pull(leader, ahead)
                w = w - rates * flat.pull(name, w, seen=ahead)
            return w
        case Consensus(gamma=gamma, inner=inner):
            return _after(inner, _Flat(Agreeing(flat.game, gamma), flat.batch), rates, w)
    raise GansmithError(f"no update matrix for {type(dynamics).__name__}: write its step down in dynamics/spectrum.py")


def _rates(name: str, player: Player) -> Tensor:
    """Return the learning rate of each of a player's numbers."""
    optimizer = player.optimizer
    extras = ("momentum", "weight_decay", "maximize")
    plain = isinstance(optimizer, torch.optim.SGD) and not any(g[x] for g in optimizer.param_groups for x in extras)
    if not plain or player.constraint is not None:
        raise GansmithError(
            f"the {name} does not move by plain gradient descent: an update matrix needs torch.optim.SGD without "
            "momentum, weight decay or clipping"
        )
    groups = optimizer.param_groups
    return torch.cat([p.new_full((p.numel(),), float(g["lr"])) for g in groups for p in g["params"]])


def _derivative(function: Callable[[Tensor], Tensor], at: Tensor) -> Tensor:
    matrix: Tensor = torch.autograd.functional.jacobian(function, at)  # type: ignore[no-untyped-call]
    return matrix
