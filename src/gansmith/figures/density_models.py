"""Three models that know their density, small enough that it can be computed in full."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gansmith.streams import forked

LOW, HIGH, BITS, HIDDEN = -4.0, 4.0, 5, 6


def cells() -> tuple[Tensor, float]:
    """Return the middles of 2⁵ cells of [−4, 4], and their width."""
    width = (HIGH - LOW) / 2**BITS
    return LOW + width * (torch.arange(2**BITS) + 0.5), width


def cell_of(x: Tensor) -> Tensor:
    """Return the number of the cell that holds x; what lies beyond an end is in the last one."""
    _, width = cells()
    return ((x - LOW) / width).long().clamp(0, 2**BITS - 1)


def states() -> Tensor:
    """Return the bits of every cell's number, the highest first, (32, 5) of 0 and 1."""
    return (torch.arange(2**BITS)[:, None] >> torch.arange(BITS - 1, -1, -1) & 1).float()


@dataclass(frozen=True)
class Bits:
    """A distribution over the cells."""

    p: Tensor
    """(32,) probabilities."""

    def log_density(self, x: Tensor) -> Tensor:
        """Return log p(x), the same everywhere in a cell."""
        log: Tensor = (self.p / cells()[1]).log()[cell_of(x)]
        return log


def autoregressive(train: Tensor) -> Bits:
    """Return P(b₁) P(b₂|b₁) … P(b₅|b₁…b₄), every factor counted, with one count added to each side.

    The factors multiply to probabilities that sum to 1 by themselves: that is what the order buys.
    """
    counts = torch.bincount(cell_of(train), minlength=2**BITS).float()
    p = torch.ones(2**BITS)
    for level in range(BITS):
        halves = counts.reshape(2 ** (level + 1), -1).sum(1).reshape(-1, 2) + 1
        p *= (halves / halves.sum(1, keepdim=True)).flatten().repeat_interleave(2 ** (BITS - level - 1))
    return Bits(p)


@forked(0)
def boltzmann(train: Tensor, steps: int = 400) -> Bits:
    """Return an RBM over the five bits, P(b) = 1/Z Σ_h exp(aᵀb + cᵀh + bᵀWh), by maximum likelihood.

    Z is a sum over all 32 states here, and so is the gradient. Of 28 × 28 pixels there are 2⁷⁸⁴.
    """
    b = states()
    weights = [nn.Parameter(0.3 * torch.randn(shape)) for shape in ((BITS, HIDDEN), (BITS,), (HIDDEN,))]
    counts = torch.bincount(cell_of(train), minlength=2**BITS).float()
    optimizer = torch.optim.Adam(weights, lr=0.05)
    for _ in range(steps):
        log_p = _free(b, weights).log_softmax(0)
        optimizer.zero_grad()
        (-(counts / counts.sum()) @ log_p).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return Bits(_free(b, weights).softmax(0).detach())


def _free(b: Tensor, weights: list[nn.Parameter]) -> Tensor:
    """Return log Σ_h exp(…) of every state, (32,): the hidden units are summed out one by one."""
    w, a, c = weights
    return b @ a + nn.functional.softplus(b @ w + c).sum(1)


class VAE(nn.Module):
    """p(x|z) = N(f(z), s²), z ~ N(0, 1), and q(z|x) = N(m(x), v(x)²)."""

    def __init__(self) -> None:
        super().__init__()
        self.decoder = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 1))
        self.encoder = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 2))
        self.log_s = nn.Parameter(torch.tensor(-0.5))

    @classmethod
    def fitted(cls, train: Tensor, steps: int = 1200) -> VAE:
        """Return one that has raised its bound on the data. Kingma, Welling 2014, arXiv 1312.6114."""
        with forked(0):
            torch.manual_seed(0)
            vae = cls()
            optimizer = torch.optim.Adam(vae.parameters(), lr=5e-3)
            for step in range(steps):
                x = train[step * 256 % (len(train) - 256) :][:256]
                optimizer.zero_grad()
                (-vae.bound(x).mean()).backward()  # type: ignore[no-untyped-call]
                optimizer.step()
        return vae.requires_grad_(False)

    def bound(self, x: Tensor) -> Tensor:
        """Return E_q log p(x|z) − KL(q(z|x)‖p(z)) ≤ log p(x), (N,), E by 24 Gauss-Hermite points."""
        mean, log_v = self.encoder(x[:, None]).T
        nodes, weights = _hermite()
        z = mean[:, None] + log_v.exp()[:, None] * nodes
        kl = 0.5 * (mean.square() + (2 * log_v).exp() - 1) - log_v
        found: Tensor = self._log_given(x, z) @ weights - kl
        return found

    def log_density(self, x: Tensor) -> Tensor:
        """Return log ∫ p(x|z) p(z) dz, (N,): one number z allows the integral, a hundred would not."""
        z = torch.linspace(-6, 6, 1201)
        log = self._log_given(x, z.expand(len(x), -1)) - z.square() / 2 - 0.5 * math.log(2 * math.pi)
        found: Tensor = log.logsumexp(1) + math.log(0.01)
        return found

    def _log_given(self, x: Tensor, z: Tensor) -> Tensor:
        away = (x[:, None] - self.decoder(z[..., None])[..., 0]) * (-self.log_s).exp()
        log: Tensor = -0.5 * away.square() - self.log_s - 0.5 * math.log(2 * math.pi)
        return log


def _hermite() -> tuple[Tensor, Tensor]:
    from numpy.polynomial.hermite_e import hermegauss

    nodes, weights = hermegauss(24)
    return torch.tensor(nodes).float(), torch.tensor(weights / math.sqrt(2 * math.pi)).float()
