"""From samples to features, in pieces of a fixed size."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from torch import Tensor, nn

from gansmith.errors import GansmithError
from gansmith.streams import forked

PIECE = 256  # samples at once


class Seen(NamedTuple):
    """What a network sees in samples."""

    features: Tensor
    """(N, D)."""
    probabilities: Tensor | None = None
    """(N, K) p(y|x), if it tells classes apart."""


@dataclass(frozen=True)
class Features:
    """A network that looks at samples, and what has to be written next to every figure made with it.

    Attributes:
        name: of the choice.
        network: maps samples (N, ...), images in [−1, 1], to features (N, D) or to a `Seen`.
        device: where it runs.
        about: facts that a figure depends on, such as the resize filter or the classifier's accuracy.
    """

    name: str
    network: Callable[[Tensor], Tensor | Seen]
    device: torch.device
    about: dict[str, str | int | float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if isinstance(self.network, nn.Module):
            self.network.to(self.device)

    def __call__(self, samples: Tensor | Iterable[Tensor]) -> Seen:
        """Return what the network sees, on the CPU: of one tensor, or of pieces joined in their order."""
        pieces = [samples] if isinstance(samples, Tensor) else samples
        seen = [self._look(part) for piece in pieces for part in piece.split(PIECE)]
        if not seen:
            raise GansmithError("no samples to measure")
        features = torch.cat([s.features for s in seen])
        if not features.isfinite().all():
            raise GansmithError(f"features '{self.name}' of some samples are NaN or infinite: the generator diverged?")
        probabilities = [s.probabilities for s in seen if s.probabilities is not None]
        return Seen(features, torch.cat(probabilities) if probabilities else None)

    @torch.no_grad()
    def _look(self, samples: Tensor) -> Seen:
        modes = [(m, m.training) for m in self.network.modules()] if isinstance(self.network, nn.Module) else []
        if isinstance(self.network, nn.Module):
            self.network.eval()
        try:
            with forked():  # a user's own may draw numbers
                result = self.network(samples.to(self.device))
        finally:
            for layer, mode in modes:
                layer.training = mode
        seen = result if isinstance(result, Seen) else Seen(result)
        if len(seen.features) != len(samples):
            raise GansmithError(f"features '{self.name}' gave {len(seen.features)} rows for {len(samples)} samples")
        return Seen(seen.features.flatten(1).cpu(), None if seen.probabilities is None else seen.probabilities.cpu())
