"""Games small enough to solve by hand, played by the same dynamics that train networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from gansmith.games.game import Player
from gansmith.games.gan import GAN
from gansmith.games.round import Round
from gansmith.games.term import Term
from gansmith.objectives.penalties import clip_weights


class Quadratic:
    """min over x, max over y of  ½ xᵀAx + xᵀBy − ½ yᵀCy.

    Args:
        a: (n, n) symmetric curvature of x's own cost.
        b: (n, m) coupling of the players.
        c: (m, m) symmetric curvature of y's own cost.
        x, y: starting points, (n,) and (m,).
        lr: learning rate of both players, or one for each: plain gradient descent.

    >>> game = Quadratic([[0.0]], [[1.0]], [[0.0]], x=[1.0], y=[2.0], lr=0.1)
    >>> game.cost("x", None).item(), game.cost("y", None).item()
    (2.0, -2.0)
    """

    def __init__(
        self,
        a: Sequence[Sequence[float]],
        b: Sequence[Sequence[float]],
        c: Sequence[Sequence[float]],
        x: Sequence[float],
        y: Sequence[float],
        lr: float | tuple[float, float],
    ) -> None:
        def matrix(values: Sequence[Sequence[float]]) -> Tensor:
            return torch.tensor(values, dtype=torch.float64)

        self.a, self.b, self.c = matrix(a), matrix(b), matrix(c)
        self.x = nn.Parameter(torch.tensor(x, dtype=torch.float64))
        self.y = nn.Parameter(torch.tensor(y, dtype=torch.float64))
        lr_x, lr_y = lr if isinstance(lr, tuple) else (lr, lr)
        self.players: Mapping[str, Player] = {
            "x": Player(torch.optim.SGD([self.x], lr=lr_x)),
            "y": Player(torch.optim.SGD([self.y], lr=lr_y)),
        }

    def cost(self, player: str, batch: object) -> Tensor:
        """Return the value of the game for x, minus it for y."""
        return self.cost_at(player, batch, {})

    def cost_at(self, player: str, batch: object, at: Mapping[str, Sequence[Tensor]]) -> Tensor:
        """Return the cost with x or y or both replaced."""
        (x,), (y,) = at.get("x", [self.x]), at.get("y", [self.y])
        value = 0.5 * x @ self.a @ x + x @ self.b @ y - 0.5 * y @ self.c @ y
        return value if player == "x" else -value

    def position(self) -> Tensor:
        """Return (x, y) as one vector."""
        return torch.cat([self.x, self.y]).detach().clone()


def bilinear(x: float = 1.0, y: float = 1.0, lr: float | tuple[float, float] = 0.1) -> Quadratic:
    """Return min over x, max over y of xy: the game whose gradients only turn.

    >>> bilinear().cost("x", None).item()
    1.0
    """
    return Quadratic([[0.0]], [[1.0]], [[0.0]], [x], [y], lr)


def saddle(x: float = 1.0, y: float = 1.0, lr: float | tuple[float, float] = 0.1) -> Quadratic:
    """Return min over x, max over y of x² − y²: a saddle that both players slide into.

    >>> saddle(x=2.0).cost("x", None).item()
    3.0
    """
    return Quadratic([[2.0]], [[0.0]], [[2.0]], [x], [y], lr)


class _Point(nn.Module):
    """G(z) = θ + z: a point mass at θ (z = 0), or one blurred by z."""

    def __init__(self, theta: float) -> None:
        super().__init__()
        self.theta = nn.Parameter(torch.tensor(theta, dtype=torch.float64))

    def forward(self, z: Tensor) -> Tensor:
        return self.theta + z


class _Slope(nn.Module):
    """D(x) = ψ x."""

    def __init__(self, psi: float) -> None:
        super().__init__()
        self.psi = nn.Parameter(torch.tensor(psi, dtype=torch.float64))

    def forward(self, x: Tensor) -> Tensor:
        return (self.psi * x).squeeze(1)


class DiracGAN(GAN):
    """The smallest GAN: data δ₀, generator δ_θ, discriminator D(x) = ψx; a real `GAN`, so any `Term` plays in it.

    Args:
        terms: the costs.
        theta, psi: starting point.
        lr: step size h of plain gradient descent of both, or one for the discriminator and one for the generator.
        clip: |ψ| is held to at most this.
        noise: standard deviation σ of Gaussian instance noise on real and fake. Its expectation is taken over
            1,000 evenly spaced quantiles instead of random draws, so the game stays deterministic.

    Mescheder, Geiger, Nowozin 2018, "Which training methods for GANs do actually converge?", arXiv 1801.04406.
    """

    def __init__(
        self,
        terms: Sequence[Term],
        theta: float = 1.0,
        psi: float = 1.0,
        lr: float | tuple[float, float] = 0.2,
        clip: float | None = None,
        noise: float = 0.0,
    ) -> None:
        point, slope = _Point(theta), _Slope(psi)
        lr_psi, lr_theta = lr if isinstance(lr, tuple) else (lr, lr)

        def clipped(parameters: Sequence[Tensor]) -> None:
            assert clip is not None
            clip_weights(parameters, clip)

        players = {
            "discriminator": Player(torch.optim.SGD(slope.parameters(), lr=lr_psi), clipped if clip else None),
            "generator": Player(torch.optim.SGD(point.parameters(), lr=lr_theta)),
        }
        super().__init__({"generator": point, "discriminator": slope}, players, terms)
        self.blur = _normal_quantiles(1000) * noise if noise else torch.zeros(1, 1, dtype=torch.float64)

    def minibatch(self) -> Round:
        """Return a round on the one minibatch there is: data at 0, noise at 0, both blurred."""
        return self.round(self.blur, self.blur)

    def radius(self) -> float:
        """Return √(θ² + ψ²), the distance from the equilibrium."""
        return float(torch.stack([p.detach() for q in self.players.values() for p in q.parameters]).norm())


def _normal_quantiles(n: int) -> Tensor:
    """Return the standard normal's quantiles at (i + ½)/n, as a column."""
    grid = (torch.arange(n, dtype=torch.float64) + 0.5) / n
    quantiles: Tensor = torch.special.ndtri(grid)
    return quantiles.unsqueeze(1)
