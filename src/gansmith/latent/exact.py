"""What a predictor says of a generator's pictures as a function of the points themselves, with its true gradient."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from gansmith.latent.ensemble import reader_from
from gansmith.latent.predictor import Reader
from gansmith.latent.sliders import Sliders
from gansmith.latent.space import Space
from gansmith.latent.steering import Steps
from gansmith.latent.whitening import Whitening

STEPS = Steps(count=12)
PIECE = 16  # people whose gradients are computed together
KEPT = 16  # people whose gradients are remembered


class Pictured(nn.Module):
    """Whitened points u (N, r) → logits (N, A): predictor(G(m + L u)).

    `gansmith.latent.response.Response` is a quick imitation of it that knows how logits change over long distances.
    Where samples change within a short step, its slopes are others than those of the pictures.

    Args:
        space: of the generator.
        predictor: reads attributes.
        whitening: of the points.
    """

    def __init__(self, space: Space, predictor: Reader, whitening: Whitening) -> None:
        super().__init__()
        self.to_samples = space.parts[1]
        self.predictor = predictor
        self.whitening = whitening
        self._known: OrderedDict[bytes, tuple[Tensor, Tensor]] = OrderedDict()

    def forward(self, u: Tensor) -> Tensor:
        return torch.cat([self._logits(part) for part in torch.split(u, PIECE)])

    def prepare(self, u: Tensor, columns: Tensor) -> bool:
        """Compute beforehand what `jacobian` remembers of one person (1, r), and return whether it was missing."""
        if self._few(columns) or u.numpy().tobytes() in self._known:
            return False
        self._person(u)
        return True

    def jacobian(self, u: Tensor, columns: Tensor) -> tuple[Tensor, Tensor]:
        """Return ∂f/∂u (N, R, r) and f (N, R) of some of the logits: a backward pass for each.

        Where one person is asked for half of the logits or more, all are computed, and remembered: see `prepare`.
        """
        found = [self._jacobian(part, columns) for part in torch.split(u.detach(), PIECE)]
        rows, logits = zip(*found, strict=True)
        return torch.cat(rows), torch.cat(logits)

    def _jacobian(self, u: Tensor, columns: Tensor) -> tuple[Tensor, Tensor]:
        if len(u) == 1:
            return self._one(u, columns)
        with torch.enable_grad():
            at = u.clone().requires_grad_()
            logits = self._logits(at)[:, columns]
            rows = [torch.autograd.grad(one.sum(), at, retain_graph=True)[0] for one in logits.T]
        return torch.stack(rows, dim=1), logits.detach()

    def _one(self, u: Tensor, columns: Tensor) -> tuple[Tensor, Tensor]:
        """Return the rows of one person: of the few that are asked for, or some of all, which are remembered."""
        if self._few(columns):
            rows, logits = self._side_by_side(u, columns)
        else:
            rows, logits = (found[columns] for found in self._person(u))
        return rows[None], logits[None]

    def _few(self, columns: Tensor) -> bool:
        return 2 * len(columns) < len(self.predictor.names)

    def _person(self, u: Tensor) -> tuple[Tensor, Tensor]:
        key = u.numpy().tobytes()
        found = self._known.get(key) or self._side_by_side(u, torch.arange(len(self.predictor.names)))
        self._known[key] = found
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return found

    def _side_by_side(self, u: Tensor, columns: Tensor) -> tuple[Tensor, Tensor]:
        """Return rows (R, r) and logits (R,): a copy for each, since one picture leaves most of a processor idle."""
        with torch.enable_grad():
            copies = u.repeat(len(columns), 1).requires_grad_()
            logits = self._logits(copies)[torch.arange(len(columns)), columns]
            rows = torch.autograd.grad(logits.sum(), copies)[0]
        return rows, logits.detach()

    def _logits(self, u: Tensor) -> Tensor:
        like = next(self.predictor.parameters())
        points = self.whitening.mean + u.double() @ self.whitening.root
        logits: Tensor = self.predictor(self.to_samples(points.to(like)))
        return logits.float().to(u)


def exact_sliders(space: Space, predictor: Reader, whitening: Whitening, low: Tensor, high: Tensor) -> Sliders:
    """Return sliders that follow the predictor's own gradient, through the generator.

    Args:
        space: of the generator.
        predictor: reads attributes; it is set to evaluation mode and learns no more.
        whitening: of the generator's points.
        low: (A,) 2nd percentile of the predictor's logits over the generator's own samples.
        high: (A,) 98th percentile.
    """
    network = Pictured(space, predictor.eval().requires_grad_(False), whitening)
    return Sliders(predictor.names, network, whitening, low, high, STEPS)


def exact_tensors(sliders: Sliders) -> dict[str, Tensor]:
    """Return what a file holds of such sliders: a weight as half where that loses nothing."""
    network = sliders.response
    assert isinstance(network, Pictured)
    state = network.predictor.state_dict()
    tensors = {f"predictor.{name}": _halved(tensor) for name, tensor in state.items()}
    return tensors | {"exact.low": sliders.low, "exact.high": sliders.high}


def exact_from(
    tensors: Mapping[str, Tensor], names: Sequence[str], space: Space, whitening: Whitening
) -> Sliders | None:
    """Return such sliders from the tensors of a file; None where it has none."""
    own = {name.removeprefix("predictor."): t for name, t in tensors.items() if name.startswith("predictor.")}
    if not own:
        return None
    predictor = reader_from(own, space.gan.shape, names).to(next(space.gan.generator.parameters()).device)
    return exact_sliders(space, predictor, whitening, tensors["exact.low"], tensors["exact.high"])


def _halved(tensor: Tensor) -> Tensor:
    half = tensor.half() if tensor.dtype == torch.float32 else tensor
    return half if torch.equal(half.to(tensor.dtype), tensor) else tensor
