"""What a predictor says of the generator's pictures, as a small smooth network of the latent points themselves."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import mse_loss, silu

from gansmith.errors import GansmithError
from gansmith.latent.fitting import explained, fit, held_out
from gansmith.streams import forked

SHOWN, BATCH, RATE = 600_000, 256, 4e-3  # points in all, in a minibatch, and the largest learning rate
HELD_OUT = 2000  # points at most
LEAST = 20  # points to learn from


class Response(nn.Module):
    """Whitened points u (N, r) → logits (N, A): m + s · net(u), with two hidden layers of SiLU.

    Attributes:
        mean, scale: (A,) m and s, of the logits it learnt from.
        r2: (A,) R² of each logit over points that were not learnt from.
    """

    def __init__(self, inputs: int, attributes: int, hidden: int = 128) -> None:
        super().__init__()
        self.first = nn.Linear(inputs, hidden)
        self.second = nn.Linear(hidden, hidden)
        self.last = nn.Linear(hidden, attributes)
        for name, start in (("mean", torch.zeros), ("scale", torch.ones), ("r2", torch.zeros)):
            self.register_buffer(name, start(attributes))
        self.mean: Tensor
        self.scale: Tensor
        self.r2: Tensor

    def forward(self, u: Tensor) -> Tensor:
        return self.mean + self.scale * self.standardised(u)

    def standardised(self, u: Tensor) -> Tensor:
        """Return net(u), (N, A)."""
        y: Tensor = self.last(silu(self.second(silu(self.first(u)))))
        return y

    @torch.no_grad()
    def jacobian(self, u: Tensor, columns: Tensor) -> tuple[Tensor, Tensor]:
        """Return ∂f/∂u (N, R, r) and f (N, R) of some of the logits: one product a layer, faster than autograd's."""
        below = self.first(u)
        above = self.second(silu(below))
        of_above = (self.scale[:, None] * self.last.weight)[columns] * _silu_slope(above)[:, None]
        rows: Tensor = (of_above @ self.second.weight * _silu_slope(below)[:, None]) @ self.first.weight
        return rows, (self.mean + self.scale * self.last(silu(above)))[:, columns]


def _silu_slope(x: Tensor) -> Tensor:
    p = x.sigmoid()
    return p * (1 + x * (1 - p))


def fit_response(u: Tensor, logits: Tensor, seed: int = 0, shown: int = SHOWN, hidden: int = 128) -> Response:
    """Return a response, learnt by least squares on standardised logits, and by the same seed the same bits.

    A tenth of the points, 2,000 at most, drawn by the seed, are held out; `r2` is of those.

    Args:
        u: (N, r) whitened points of the generator's own samples.
        logits: (N, A) of a predictor on their pictures.
        seed: of its first weights, the order of points, and which are held out.
        shown: points in all, each as often as it takes.
        hidden: units of each hidden layer.

    Raises:
        GansmithError: if shapes do not match, there are too few points, or numbers are not finite.
    """
    if u.dim() != 2 or logits.dim() != 2 or len(u) != len(logits) or len(u) < LEAST:
        shapes = f"points {tuple(u.shape)} and logits {tuple(logits.shape)}"
        raise GansmithError(f"response: {shapes} are not (N, r) and (N, A) with N of {LEAST} or more")
    if not u.isfinite().all() or not logits.isfinite().all():
        raise GansmithError("response: some points or logits are NaN or infinite")
    u, logits = u.float(), logits.float()
    with forked(seed):
        network = Response(u.shape[1], logits.shape[1], hidden)
        held, rows = torch.randperm(len(u)).tensor_split([held_out(len(u), HELD_OUT)])
        network.mean.copy_(logits[rows].mean(dim=0))
        network.scale.copy_(logits[rows].std(dim=0).clamp(min=1e-6))
        wanted = (logits - network.mean) / network.scale
        fit(
            network,
            len(rows),
            lambda i: mse_loss(network.standardised(u[rows[i]]), wanted[rows[i]]),
            shown,
            BATCH,
            RATE,
        )
    with torch.no_grad():
        network.r2.copy_(explained(network(u[held]), logits[held]))
    return network
